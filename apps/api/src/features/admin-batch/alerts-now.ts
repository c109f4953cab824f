import { z } from 'zod'
import {
  judgeSchedule,
  judgeThresholds,
  selectFiringAlerts,
  type Verdict,
} from '@sigmasight/core/alerts'
import { selectLayerProgress } from '@sigmasight/core/metrics'
import { selectOnboardingSummary } from '@sigmasight/core/run-ledger'
import type { Context } from '../../http/endpoint.ts'

export const alertSchema = z.object({
  key: z.string(),
  severity: z.string(),
  title: z.string(),
  text: z.string().nullable(),
  since: z
    .string()
    .nullable()
    .meta({ description: 'When it was first sent; null when nobody was told.' }),
})

/**
 * What is wrong now, whether a webhook tells anybody or not: overdue and stale data and failing onboardings are
 * judged at once; what single runs alerted is taken from what was sent and has not recovered.
 */
export async function alertsNow({
  database: { db },
  clock,
  config,
}: Pick<Context, 'database' | 'clock' | 'config'>): Promise<z.infer<typeof alertSchema>[]> {
  const now = clock.now()
  const settleMinutes = config.marketSettleMinutes
  const schedule = judgeSchedule(await selectLayerProgress(db), { now, settleMinutes })
  const entered = await selectOnboardingSummary(db, now.minus({ days: 1 }).toJSDate())
  const onboarding = judgeOnboarding(entered?.success_rate ?? null, config.symbolsMinShare)
  const judged = new Set([...keysOf(schedule), ...keysOf(onboarding)])
  const sent = await selectFiringAlerts(db)
  const sinceOf = (key: string) => sent.find((alert) => alert.key === key)?.first_sent_at ?? null
  const present = [...schedule.alerts, ...onboarding.alerts].map(
    ({ key, severity, title, text }) => ({ key, severity, title, text, since: sinceOf(key) }),
  )
  const others = sent
    .filter(({ key }) => !judged.has(key))
    .map(({ key, severity, title }) => ({ key, severity, title, text: null, since: sinceOf(key) }))
  return [...present, ...others]
}

function judgeOnboarding(rate: number | null, symbolsMinShare: number): Verdict {
  const figures = new Map(rate === null ? [] : [['v2.onboarding.success_rate', rate] as const])
  return judgeThresholds(figures, { symbolsMinShare, medianSymbols: null, activePortfolios: null })
}

function keysOf({ alerts, fine }: Verdict): readonly string[] {
  return [...alerts.map(({ key }) => key), ...fine]
}
