import type { SessionDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { BatchMode, JobType, RunSource } from './job-type.ts'

/**
 * Which sessions a run is about: up to a target (with the untracked sessions before it when
 * `backfill`), or exactly a range. A null target is the effective date.
 */
export type DateSelection =
  | { readonly kind: 'target'; readonly target: SessionDate | null; readonly backfill: boolean }
  | { readonly kind: 'range'; readonly start: SessionDate; readonly end: SessionDate }

/** Which of the selected sessions are worked on: those without a completed row, the failed ones, or all. */
export type Reprocess = 'missing' | 'failed' | 'all'

/** Whom the run is about. A scoped run writes the rows of its scope only and no tracking row. */
export type SymbolScope =
  | { readonly kind: 'universe' }
  | {
      readonly kind: 'symbols'
      readonly symbols: readonly Ticker[]
      /** Factor proxies are read as they are stored; otherwise they are asked for again like the symbols. */
      readonly proxiesAsStored?: boolean
    }
  | { readonly kind: 'portfolio'; readonly portfolioId: string }
  /** Portfolio layer only: some portfolios that become due together, worked on in one run. */
  | { readonly kind: 'portfolios'; readonly portfolioIds: readonly string[] }

/** Everything in which one run differs from another. */
export interface RunRequest {
  readonly jobType: JobType
  readonly mode: BatchMode
  readonly source: RunSource
  readonly triggeredBy: string
  readonly dates: DateSelection
  readonly reprocess: Reprocess
  /** Work on the target (or the whole range) even where it is complete. */
  readonly force: boolean
  /** How many sessions a catch-up may take; explicit ranges are not cut. */
  readonly maxCatchup: number
  /** Calendar days a slice of a long range spans; null = the whole range at once. */
  readonly chunkDays: number | null
  /** Portfolio layer: every lot counts from its entry on, and snapshots begin with the earliest. */
  readonly fromInception: boolean
  readonly scope: SymbolScope
  /** Only the phases that failed on tracked sessions, or never ran because one before them failed. */
  readonly retryFailedPhases: boolean
  /** Names of the phases to run; null = all. */
  readonly phases: readonly string[] | null
  /** The id to record the run under, for who starts it and wants to follow it; unset = a new one. */
  readonly batchRunId?: string
}

/** The portfolios that a request is limited to; null = it is not limited to portfolios. */
export function portfoliosOf({ scope }: Pick<RunRequest, 'scope'>): readonly string[] | null {
  if (scope.kind === 'portfolio') return [scope.portfolioId]
  return scope.kind === 'portfolios' ? scope.portfolioIds : null
}

/** Whether the run does less than the whole night and therefore must not record dates as done. */
export function isLimited(request: RunRequest): boolean {
  return request.scope.kind !== 'universe' || request.phases !== null
}
