import type { IsoDate } from '../calendar/iso-date.ts'
import type { JobType, RunSource } from '../batch/job-type.ts'
import type { Reprocess, SymbolScope } from '../batch/run-request.ts'

/** The programs that do batch work. */
export type BatchProgramName = 'symbol-batch' | 'portfolio-refresh'

/** What somebody wants to be run in programs of their own. */
export interface LaunchRequest {
  /** `all`: symbols, then portfolios. The combined batch of legacy mode always does both. */
  readonly job: 'symbol_batch' | 'portfolio_refresh' | 'all'
  readonly scope: Exclude<SymbolScope, { readonly kind: 'portfolios' }>
  /** Null = all. */
  readonly phases: readonly string[] | null
  /** Both ends included; null = up to the effective date. */
  readonly dates: { readonly start: IsoDate; readonly end: IsoDate } | null
  readonly reprocess: Reprocess
  /** Work on the target, or the whole range, even where it is complete. */
  readonly redo: boolean
  readonly fromInception: boolean
  readonly source: RunSource
  readonly triggeredBy: string
}

/** One start of a program: a run under an id that is known before. */
export interface ProgramStart {
  readonly program: BatchProgramName
  readonly jobType: JobType
  readonly batchRunId: string
  readonly args: readonly string[]
  /** The locks that the run will take. */
  readonly lockNames: readonly string[]
}

/** A full run with everything default, to spread over. */
export const FULL_LAUNCH: Omit<LaunchRequest, 'job' | 'source' | 'triggeredBy'> = {
  scope: { kind: 'universe' },
  phases: null,
  dates: null,
  reprocess: 'missing',
  redo: false,
  fromInception: false,
}
