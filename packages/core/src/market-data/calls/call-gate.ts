/** What a gate counted since it was made. */
export interface CallUsage {
  /** HTTP calls that were started, retries included. */
  readonly calls: number
  readonly retries: number
  /** Calls that were not made because the circuit was open. */
  readonly heldBack: number
  /** Milliseconds spent waiting for the rate limit, backoff and Retry-After. */
  readonly waitedMs: number
}

/**
 * Every HTTP call to a provider goes through its gate, which knows the rules of good behaviour: no
 * more than so many at once, no more starts within any 60 s than allowed, a timeout per call, retries
 * with exponential backoff and jitter on `RateLimited` and `Unavailable` (honouring Retry-After), a
 * circuit that opens after repeated failures so that a provider which is down costs seconds, and a
 * budget of calls per run.
 */
export interface CallGate {
  /**
   * Makes one call. `call` does the HTTP request under the given signal (timeout or abort) and throws a
   * `ProviderError`; anything else it throws (a network error, a timeout) is taken for `Unavailable`.
   *
   * @throws the last ProviderError once retries are used up or pointless; the signal's reason when aborted
   */
  run<T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
  readonly usage: CallUsage
}
