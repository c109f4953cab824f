import { DateTime } from 'luxon'
import { z } from 'zod'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { PhaseOutcome } from './phase.ts'
import type { PortfolioSettings } from './portfolio-settings.ts'

const isoDate = z.iso.date().transform((date) => date as IsoDate)
const sessionDate = z.iso.date().transform((date) => date as SessionDate)

const settings = z.object({
  portfolioRefreshConcurrency: z.number(),
  riskFreeRate: z.number(),
  analyticsMaxMissingShare: z.number(),
  hasOptionPrices: z.boolean(),
  tltEffectiveDuration: z.number(),
  correlationMinWeight: z.number(),
  correlationMinValue: z.number(),
  pnlRestAlert: z.number(),
}) satisfies z.ZodType<PortfolioSettings>

/** What a chunk of portfolios is to get on a date. */
const portfolioTask = z.object({
  /** In the order they run. */
  phases: z.array(z.string()),
  fromInception: z.boolean(),
  /** When the work is said to have been done, ISO: the clock of the process that leads the run. */
  now: z.iso
    .datetime()
    .transform((text) => DateTime.fromISO(text, { zone: 'utc' }) as DateTime<true>),
  /** Chunks that the date is cut into. */
  chunks: z.number(),
  /** Those of the process that leads the run, so that all workers compute by the same. */
  settings,
  portfolios: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      /** A complete snapshot of the date is made again. */
      isAgain: z.boolean(),
      firstSnapshot: sessionDate,
      equityAsOf: isoDate,
    }),
  ),
})

/** As it travels. */
export type PortfolioTaskText = z.input<typeof portfolioTask>
export type PortfolioTask = z.output<typeof portfolioTask>

/** The settings of portfolio phases and nothing else: what else the program is set to is no one's business. */
export function portfolioSettings(all: PortfolioSettings): PortfolioTaskText['settings'] {
  return settings.parse(all)
}

/** Reads what another process, perhaps of another version, has written. */
export function parsePortfolioTask(task: object): PortfolioTask {
  return portfolioTask.parse(task)
}

/** What the phases of a chunk came to, by name. */
export interface PortfolioUnitOutput {
  readonly phases: Readonly<Record<string, PhaseOutcome>>
}
