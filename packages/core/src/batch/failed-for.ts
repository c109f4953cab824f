import { countReasons, EMPTY_OUTCOME, type PhaseOutcome } from './phase.ts'

/** Why none of some portfolios could be done. */
export interface FailureOfAll {
  readonly reason: string
  readonly message: string
  readonly attempts?: number
}

/** An outcome in which portfolios failed for a reason that concerns them all. */
export function failedFor(
  portfolioIds: readonly string[],
  { reason, message, attempts = 1 }: FailureOfAll,
): PhaseOutcome {
  const failures = portfolioIds.map((portfolioId) => ({
    itemId: portfolioId,
    portfolioId,
    reason,
    message,
    attempts,
    category: 'transient' as const,
  }))
  const reasons = countReasons(failures)
  return { ...EMPTY_OUTCOME, failed: failures.length, failures, reasons, failure: message }
}
