import type { DateTime } from 'luxon'
import type { Kysely } from 'kysely'
import { staleness } from '../../calendar/index.ts'
import type { Tables } from '../../database/index.ts'
import type { MetricReading } from '../metric.ts'
import { metricsOfRun } from '../metrics-of-run.ts'
import { RUN_LAYERS, type RunLayer } from '../run-layer.ts'
import { selectLastLayerRuns } from './select-last-layer-runs.ts'
import { selectLayerProgress } from './select-layer-progress.ts'
import { selectOnboardingFigures } from './select-onboarding-figures.ts'

/** When, and from which moment after the close a session counts. */
interface Present {
  readonly now: DateTime<true>
  readonly settleMinutes: number
}

/**
 * The figures that outlive one-shot programs, from the history tables: those of each layer's newest
 * ended run, when a run last succeeded, whether the last one did, how many settled sessions are lacking, and
 * the onboardings of the last 24 hours. What no run has recorded yet is absent.
 */
export async function selectDurableMetrics(
  db: Kysely<Tables>,
  { now, settleMinutes }: Present,
): Promise<readonly MetricReading[]> {
  const figures = await Promise.all(RUN_LAYERS.map((layer) => figuresOf(db, layer)))
  const freshness = (await selectLayerProgress(db)).flatMap(({ layer, newestDone }) => {
    if (newestDone === null) return []
    const { sessions } = staleness({ dataDate: newestDone, now, settleMinutes })
    return [{ name: 'v2.freshness.sessions_behind', value: sessions, tags: { layer } } as const]
  })
  return [...figures.flat(), ...freshness, ...(await onboardingOf(db, now))]
}

async function onboardingOf(
  db: Kysely<Tables>,
  now: DateTime<true>,
): Promise<readonly MetricReading[]> {
  const { seconds, successRate } = await selectOnboardingFigures(
    db,
    now.minus({ hours: 24 }).toJSDate(),
  )
  const readings: MetricReading[] = []
  if (seconds !== null) {
    readings.push({ name: 'v2.onboarding.duration_seconds', value: seconds, tags: {} })
  }
  if (successRate !== null) {
    readings.push({ name: 'v2.onboarding.success_rate', value: successRate, tags: {} })
  }
  return readings
}

async function figuresOf(db: Kysely<Tables>, layer: RunLayer): Promise<readonly MetricReading[]> {
  const { result, lastSuccess, isLastSuccess } = await selectLastLayerRuns(db, layer)
  const lastSuccessName = `v2.${layer}.last_success_timestamp_seconds` as const
  const ofRun = (result === null ? [] : metricsOfRun(result)).filter(
    // A legacy run tells of both layers.
    ({ name }) => name.startsWith(`v2.${layer}.`) && name !== lastSuccessName,
  )
  const readings: MetricReading[] = [...ofRun]
  if (lastSuccess !== null) {
    const value = Math.floor(lastSuccess.getTime() / 1000)
    readings.push({ name: lastSuccessName, value, tags: {} })
  }
  if (isLastSuccess !== null) {
    const value = isLastSuccess ? 1 : 0
    readings.push({ name: `v2.${layer}.last_run_success`, value, tags: {} })
  }
  return readings
}
