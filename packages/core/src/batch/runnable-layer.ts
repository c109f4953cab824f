import type { BatchEnvironment } from './batch-environment.ts'
import type { Layer, OpenedRun } from './layer.ts'
import type { RunObserver } from './observer.ts'
import type { PhaseContext } from './phase.ts'
import { chunkDates, type DatePlan } from './plan-dates.ts'
import { TableRecorder } from './recorder.ts'
import { NOTHING_DONE, runDates, type DatesOutcome } from './run-dates.ts'
import { isLimited } from './run-request.ts'
import { withRetry } from '../database/index.ts'

/** A run of one layer's dates. */
export interface LayerRun extends OpenedRun {
  readonly environment: BatchEnvironment
  readonly plan: DatePlan
  readonly observer: RunObserver
  readonly signal: AbortSignal
}

/** A layer whose kind of context is its own matter, so that a run can have several of them. */
export interface RunnableLayer extends Pick<
  Layer<PhaseContext>,
  'batchType' | 'jobTypes' | 'plan'
> {
  readonly gate: (plan: DatePlan, signal: AbortSignal) => Promise<string | null>
  readonly phaseNames: readonly string[]
  run(run: LayerRun): Promise<DatesOutcome>
}

/** Makes a layer runnable: what it opens, its phases and its recorder come together here. */
export function runnable<Context extends PhaseContext>(layer: Layer<Context>): RunnableLayer {
  const { batchType, jobTypes } = layer
  return {
    batchType,
    jobTypes,
    plan: (request, effective) => layer.plan(request, effective),
    gate: async (plan, signal) => (await layer.gate?.(plan, signal)) ?? null,
    phaseNames: layer.phases.map(({ name }) => name),
    async run({ environment, plan, observer, signal, ...opened }) {
      const { clock, history, log, sleep } = environment
      const { batchRunId, request } = opened
      const phases = layer.phases.filter(({ name }) => request.phases?.includes(name) ?? true)
      if (phases.length === 0) return NOTHING_DONE
      const makeContext = await withRetry(() => layer.open(opened), environment)
      const recorder = new TableRecorder({
        history,
        clock,
        batchRunId,
        jobType: request.jobType,
        batchType,
        tracksDates: !isLimited(request),
        keepsOtherPhases: request.retryFailedPhases,
        sleep,
      })
      return runDates({
        chunks: chunkDates(plan.dates, request.chunkDays),
        phases,
        phasesOf: plan.phasesOf,
        recorder,
        observer,
        clock,
        signal,
        sleep,
        contextOf: (date, chunk) => {
          const isFinalDate = date === plan.dates.at(-1)
          const progress = observer.phaseProgress.bind(observer)
          const completed = new Set<string>()
          const base = { date, isFinalDate, completed, log, signal, progress }
          // The layer was made before the run held its lock; what the run writes through knows of it.
          return { ...makeContext(base, chunk), database: environment.database }
        },
      })
    },
  }
}
