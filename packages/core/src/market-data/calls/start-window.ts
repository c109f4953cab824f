/** A minute and a margin for clocks that do not run alike. */
const WINDOW_MS = 60_100

/** A call that was started; `endedAt` is null while it is under way. */
export interface StartedCall {
  endedAt: number | null
}

/**
 * Keeps count so that the provider never sees more than `limit` calls start within any 60 s. The
 * provider sees a call start at some moment between our sending it and its answer, therefore a call
 * counts from our start until a minute after its **end**: whatever the latencies, two calls that are
 * `limit` starts apart are then more than 60 s apart on the provider's clock as well.
 * Times are milliseconds of one monotonic clock.
 */
export class StartWindow {
  readonly #limit: number
  #calls: StartedCall[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Milliseconds until a call may start, 0 = now; Infinity = not before one that is under way has ended. */
  waitMs(now: number): number {
    if (this.#calls.length < this.#limit) return 0
    this.#calls = this.#calls.filter(({ endedAt }) => expiry(endedAt) > now)
    const surplus = this.#calls.length - this.#limit
    if (surplus < 0) return 0
    const expiries = this.#calls.map(({ endedAt }) => expiry(endedAt)).sort((a, b) => a - b)
    return (expiries[surplus] ?? Infinity) - now
  }

  start(): StartedCall {
    const call = { endedAt: null }
    this.#calls.push(call)
    return call
  }
}

function expiry(endedAt: number | null): number {
  return endedAt === null ? Infinity : endedAt + WINDOW_MS
}
