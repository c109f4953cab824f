import type { Logger } from '../logging/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'

/** A value that a jsonb column can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** One symbol or portfolio that a phase could not do, as `batch_jobs` records it. */
export interface ItemFailure {
  readonly itemId: string
  readonly reason: string
  readonly category: 'transient' | 'permanent' | 'data'
  readonly message: string
  /** How often it was tried; 1 when not said. */
  readonly attempts?: number
  /** The portfolio, where the item is one. */
  readonly portfolioId?: string
  readonly metadata?: Readonly<Record<string, Json>>
}

/** What a phase did on one date. Counts are of items (symbols or portfolios). */
export interface PhaseOutcome {
  readonly processed: number
  readonly skipped: number
  readonly failed: number
  /** Why items were skipped or failed: reason → count. */
  readonly reasons: Readonly<Record<string, number>>
  readonly metrics: Readonly<Record<string, Json>>
  readonly failures: readonly ItemFailure[]
  /** Set when the phase as a whole did not reach its aim; ends the date if the phase is critical. */
  readonly failure?: string
  /** With `failure`: stored figures contradict each other, which fails the run, reason `guard`. */
  readonly isBreach?: boolean
  /** Milliseconds of work, added up over its parts, where the phase was done in parts elsewhere. */
  readonly workMs?: number
  /** Things an operator should hear of even though the phase went through. */
  readonly alerts: readonly string[]
}

/** What every phase handler gets, whatever its layer. */
export interface PhaseContext {
  readonly date: SessionDate
  readonly isFinalDate: boolean
  /** Phases that this run has completed on the date before. */
  readonly completed: ReadonlySet<string>
  readonly log: Logger
  readonly signal: AbortSignal
  /** Tells the terminal and the heartbeat how far the phase is. */
  readonly progress: (done: number, total: number) => void
}

/**
 * A named step of a batch. The list of phases is the whole order of work: a phase depends on the
 * tables it reads and on nothing that an earlier phase left in memory.
 */
export interface Phase<Context extends PhaseContext> {
  readonly name: string
  /** Name of its `V2_BATCH_STEP` events; null = none of its own. */
  readonly step: string | null
  /** A critical phase that fails ends its date; another one is recorded and the date goes on. */
  readonly critical: boolean
  /** Runs on the last date of a run only. */
  readonly finalDateOnly: boolean
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  run(context: Context): Promise<PhaseOutcome>
}

/** An outcome with nothing in it, to spread over. */
export const EMPTY_OUTCOME: PhaseOutcome = {
  processed: 0,
  skipped: 0,
  failed: 0,
  reasons: {},
  metrics: {},
  failures: [],
  alerts: [],
}

/** Counts failures by reason. */
export function countReasons(failures: readonly ItemFailure[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { reason } of failures) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}
