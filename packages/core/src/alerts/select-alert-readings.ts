import type { DateTime } from 'luxon'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/index.ts'
import type { MetricReading } from '../metrics/metric.ts'
import { RUN_LAYERS } from '../metrics/run-layer.ts'
import { selectLastLayerRuns } from '../metrics/store/select-last-layer-runs.ts'
import { selectLayerProgress } from '../metrics/store/select-layer-progress.ts'
import type { Alert } from './alert.ts'
import { judgeSchedule } from './judge-schedule.ts'
import { selectRunFacts } from './store/select-run-facts.ts'
import { fewestSymbols } from './thresholds.ts'

/** What the limits and the schedule depend on. */
interface AlertSettings {
  readonly now: DateTime<true>
  readonly settleMinutes: number
  /** SYMBOLS_MIN_SHARE. */
  readonly symbolsMinShare: number
}

/**
 * What rules outside of this program need to judge as it does: the limits that are not constants, and whether
 * runs are overdue or data is stale by the calendar of sessions, which a rule cannot know. A layer without an
 * ended run has no limits.
 */
export async function selectAlertReadings(
  db: Kysely<Tables>,
  { now, settleMinutes, symbolsMinShare }: AlertSettings,
): Promise<readonly MetricReading[]> {
  const schedule = judgeSchedule(await selectLayerProgress(db), { now, settleMinutes })
  const alerts = new Map(schedule.alerts.map((alert) => [alert.key, alert]))
  return [
    ...(await limitsOf(db, symbolsMinShare)),
    ...RUN_LAYERS.flatMap((layer): MetricReading[] => [
      {
        name: 'v2.schedule.overdue',
        value: alerts.has(`${layer}.overdue`) ? 1 : 0,
        tags: { layer },
      },
      {
        name: 'v2.schedule.stale',
        value: degreeOf(alerts.get(`${layer}.stale`)),
        tags: { layer },
      },
    ]),
  ]
}

async function limitsOf(
  db: Kysely<Tables>,
  symbolsMinShare: number,
): Promise<readonly MetricReading[]> {
  const readings: MetricReading[] = []
  const add = (name: MetricReading['name'], value: number | null) => {
    if (value !== null) readings.push({ name, value, tags: {} })
  }
  const { result: symbols } = await selectLastLayerRuns(db, 'symbol_batch')
  const { result: portfolios } = await selectLastLayerRuns(db, 'portfolio_refresh')
  if (symbols !== null) {
    const { medianSymbols } = await selectRunFacts(db, symbols)
    add('v2.symbol_batch.symbols_limit', fewestSymbols({ medianSymbols, symbolsMinShare }))
  }
  if (portfolios !== null) {
    const { activePortfolios, currentPortfolios } = await selectRunFacts(db, portfolios)
    add('v2.portfolio_refresh.portfolios_due', activePortfolios)
    add('v2.portfolio_refresh.portfolios_current', currentPortfolios)
  }
  return readings
}

function degreeOf(stale: Alert | undefined): 0 | 1 | 2 {
  if (stale === undefined) return 0
  return stale.severity === 'critical' ? 2 : 1
}
