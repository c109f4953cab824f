import type { JobType } from '../batch/job-type.ts'
import type { RunResult } from '../batch/result.ts'

/** The ways in which a run ends badly; each has an alert key of its own. */
export const BAD_ENDINGS = ['failed', 'crashed', 'aborted', 'timeout', 'guard'] as const
export type BadEnding = (typeof BAD_ENDINGS)[number]

/** How a run ended badly, or null. A run that was cancelled ended as somebody wished. */
export function badEnding({ status, reason }: RunResult): BadEnding | null {
  if (status === 'aborted') return 'aborted'
  if (status !== 'failed') return null
  return BAD_ENDINGS.find((ending) => ending === reason) ?? 'failed'
}

export function hasSucceeded({ status }: RunResult): boolean {
  return status === 'completed' || status === 'completed_with_warnings'
}

/** A program with nothing to do has succeeded, but did not work on any session. */
export function hadNothingToDo({ reason }: RunResult): boolean {
  return reason === 'nothing_to_do'
}

/** Whose bad endings a successful full run makes good: the operator may have changed modes in between. */
export const MAKES_GOOD: Readonly<Record<JobType, readonly JobType[]>> = {
  symbol_batch: ['symbol_batch'],
  // It ran, so the symbol batch of its date is done, and together they are what a legacy run does.
  portfolio_refresh: ['portfolio_refresh', 'legacy_batch'],
  legacy_batch: ['legacy_batch', 'symbol_batch', 'portfolio_refresh'],
  symbol_onboarding: ['symbol_onboarding'],
}

/** As a sentence begins. */
export const RUN_NAMES: Readonly<Record<JobType, string>> = {
  symbol_batch: 'Symbol batch',
  portfolio_refresh: 'Portfolio refresh',
  legacy_batch: 'Legacy batch',
  symbol_onboarding: 'Symbol onboarding',
}
