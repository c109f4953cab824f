import { stepEvent } from '../logging/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { withRetry } from '../database/index.ts'
import type { BatchEnvironment } from './batch-environment.ts'
import type { RunObserver } from './observer.ts'
import type { DatePlan } from './plan-dates.ts'
import { isWorse, type DateResult } from './result.ts'
import { NOTHING_DONE, type DatesOutcome } from './run-dates.ts'
import type { RunRequest } from './run-request.ts'
import type { RunnableLayer } from './runnable-layer.ts'

export interface LayersRun {
  readonly environment: BatchEnvironment
  readonly layers: readonly RunnableLayer[]
  /** The plan of each layer as it was made before the run. */
  readonly plans: readonly DatePlan[]
  readonly request: RunRequest
  readonly effectiveDate: SessionDate
  readonly batchRunId: string
  readonly observer: RunObserver
  readonly signal: AbortSignal
}

/**
 * Runs layers one after the other. What a layer does is planned again when its turn comes, since the
 * ones before have changed what its plan rests on. One whose forerunner failed on its target is left
 * out: it would compute from prices that are not there.
 */
export async function runLayers(run: LayersRun): Promise<DatesOutcome> {
  const { environment, layers, plans, request, effectiveDate, signal } = run
  let whole = NOTHING_DONE
  for (const [i, layer] of layers.entries()) {
    if (signal.aborted) return { ...whole, wasStopped: true }
    const plan =
      i === 0 ? plans[0] : await withRetry(() => layer.plan(request, effectiveDate), environment)
    if (plan === undefined) continue
    if (hasFailed(whole, plan.target)) {
      const alert = `${layer.batchType} left out: the run failed on ${plan.target} before`
      return { ...whole, alerts: [...whole.alerts, alert] }
    }
    const alerts = [...cutAlert(plan), ...plan.alerts]
    whole = merge(whole, { ...NOTHING_DONE, alerts })
    if (plan.dates.length > 0) whole = merge(whole, await runLayer(run, layer, plan))
  }
  return whole
}

async function runLayer(
  { environment, request, effectiveDate, batchRunId, observer, signal }: LayersRun,
  layer: RunnableLayer,
  plan: DatePlan,
): Promise<DatesOutcome> {
  const { log } = environment
  const { batchType } = layer
  const started = performance.now()
  stepEvent(log, { step: `${batchType}_start`, status: 'started', batch_date: plan.target })
  const opened = { batchRunId, request, effectiveDate }
  const outcome = await layer.run({ environment, plan, observer, signal, ...opened })
  const success = outcome.dates.every(({ status }) => status.startsWith('completed'))
  stepEvent(log, {
    step: `${batchType}_complete`,
    status: success ? 'completed' : 'failed',
    duration_ms: Math.round(performance.now() - started),
    success,
    failed: outcome.failures.length,
  })
  return outcome
}

function hasFailed({ dates }: DatesOutcome, target: SessionDate): boolean {
  return dates.some(({ date, status }) => date === target && status === 'failed')
}

/** Dates that both worked on become one, with the phases of both and the worse status. */
function merge(a: DatesOutcome, b: DatesOutcome): DatesOutcome {
  const dates = new Map<SessionDate, DateResult>(a.dates.map((result) => [result.date, result]))
  for (const result of b.dates) {
    const known = dates.get(result.date)
    const status =
      known !== undefined && isWorse(known.status, result.status) ? known.status : result.status
    dates.set(result.date, { ...result, status, phases: { ...known?.phases, ...result.phases } })
  }
  return {
    dates: [...dates.values()].sort((x, y) => (x.date < y.date ? -1 : 1)),
    alerts: [...a.alerts, ...b.alerts],
    failures: [...a.failures, ...b.failures],
    wasStopped: a.wasStopped || b.wasStopped,
  }
}

function cutAlert({ cut }: DatePlan): readonly string[] {
  const [first] = cut
  const last = cut.at(-1)
  if (first === undefined || last === undefined) return []
  return [
    `${cut.length} older sessions without a completed run were left out by --max-catchup; run --start-date ${first} --end-date ${last}`,
  ]
}
