import { isTransient } from './transient-errors.ts'

/** How often and after which pauses transient failures are tried again. */
export interface RetryPolicy {
  readonly retries: number
  readonly firstPauseMs: number
  /** Each pause is this many times the one before. */
  readonly factor: number
  readonly longestPauseMs: number
}

/** The policy of all database work: 100, 400 and 1,600 ms. */
export const DATABASE_RETRY: RetryPolicy = {
  retries: 3,
  firstPauseMs: 100,
  factor: 4,
  longestPauseMs: 5_000,
}

export interface RetryOptions {
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly policy?: RetryPolicy
  readonly onRetry?: (error: unknown, retry: number) => void
}

/**
 * Runs `operation`, again and again while it fails for a transient reason and the policy has
 * retries left; the last error is passed on. The operation must be a whole transaction: what it did
 * before it failed must not have been committed.
 */
export async function withRetry<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  const policy = options.policy ?? DATABASE_RETRY
  let pause = policy.firstPauseMs
  for (let retry = 1; ; retry++) {
    try {
      return await operation()
    } catch (error) {
      if (retry > policy.retries || !isTransient(error)) throw error
      options.onRetry?.(error, retry)
      await options.sleep(pause)
      pause = Math.min(pause * policy.factor, policy.longestPauseMs)
    }
  }
}
