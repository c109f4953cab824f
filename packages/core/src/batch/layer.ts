import type { SessionDate } from '../calendar/iso-date.ts'
import type { JobType } from './job-type.ts'
import type { Phase, PhaseContext } from './phase.ts'
import type { DatePlan } from './plan-dates.ts'
import type { RunRequest } from './run-request.ts'

/** What a layer needs to know of the run it works for. */
export interface OpenedRun {
  readonly batchRunId: string
  readonly request: RunRequest
  readonly effectiveDate: SessionDate
}

/** A part of the nightly work with its own dates in `batch_run_tracking`: phases and how to give them their context. */
export interface Layer<Context extends PhaseContext> {
  /** `batch_run_tracking.batch_type`. */
  readonly batchType: string
  /** Locks of a full run; legacy runs take those of every layer. */
  readonly jobTypes: readonly JobType[]
  readonly phases: readonly Phase<Context>[]
  /** Decides which sessions a run works on. Called under the run's locks, and by `--dry-run` without. */
  plan(request: RunRequest, effective: SessionDate): Promise<DatePlan>
  /**
   * Waits until the run may begin; null, or why it must not. It is recorded as `aborted` then.
   */
  gate?(plan: DatePlan, signal: AbortSignal): Promise<string | null>
  /** Makes the maker of contexts for a run whose plan is the last one made. */
  open(run: OpenedRun): Promise<ContextMaker<Context>>
}

export type ContextMaker<Context extends PhaseContext> = (
  base: PhaseContext,
  chunk: readonly SessionDate[],
) => Context
