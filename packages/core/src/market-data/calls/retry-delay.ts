import type { RateLimited, Unavailable } from './provider-errors.ts'

/** A provider that asks for a longer wait is not waited for. */
export const LONGEST_RETRY_AFTER_MS = 60_000

/**
 * Upper bounds of the delays, doubled with each attempt: a broken server may be back in a moment, a
 * rate limit is counted by the minute.
 */
const BACKOFF = {
  unavailable: { firstMs: 500, longestMs: 15_000 },
  rate_limited: { firstMs: 5_000, longestMs: 60_000 },
} as const

/**
 * Milliseconds to wait before the next attempt: what Retry-After said, else exponential backoff with
 * full jitter, uniform in [0, min(longest, first · 2^attempt)]
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param attempt 0 after the first attempt
 * @param random uniform in [0, 1)
 */
export function retryDelay(
  { kind, retryAfterMs }: RateLimited | Unavailable,
  attempt: number,
  random: () => number,
): number {
  if (retryAfterMs !== null && retryAfterMs > 0) return retryAfterMs
  const { firstMs, longestMs } = BACKOFF[kind]
  return random() * Math.min(longestMs, firstMs * 2 ** attempt)
}
