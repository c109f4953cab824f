export interface CircuitSettings {
  /** So many failures in a row open the circuit. */
  readonly failures: number
  /** How long nobody is asked then, before one call may probe. */
  readonly coolDownMs: number
}

/** `probing`: one call is finding out whether the provider is back, the others wait for its answer. */
export type CircuitState = 'closed' | 'open' | 'half_open' | 'probing'

/**
 * Decides whether a provider is worth asking. Closed → open after so many failures in a row → half open
 * after the cool-down, when the next call is a probe → closed by an answer, open again by a failure.
 * While it is open, what becomes of the calls that were under way changes nothing.
 * Times are milliseconds of one monotonic clock.
 */
export class Circuit {
  readonly #settings: CircuitSettings
  #failures = 0
  #openUntil: number | null = null
  #isProbing = false

  constructor(settings: CircuitSettings) {
    this.#settings = settings
  }

  state(now: number): CircuitState {
    if (this.#openUntil === null) return 'closed'
    if (now < this.#openUntil) return 'open'
    return this.#isProbing ? 'probing' : 'half_open'
  }

  /** Milliseconds until a call may probe; 0 when it is not open. */
  openMs(now: number): number {
    return Math.max(0, (this.#openUntil ?? now) - now)
  }

  /** Notes that a call starts; whether it is the probe. */
  start(now: number): boolean {
    const isProbe = this.state(now) === 'half_open'
    this.#isProbing ||= isProbe
    return isProbe
  }

  /** The probe ended without saying anything, e.g. aborted: the next call probes. */
  giveUpProbe(): void {
    this.#isProbing = false
  }

  /** The provider answered, if only to say no. */
  succeed(now: number): void {
    if (this.state(now) === 'open') return
    this.#failures = 0
    this.#openUntil = null
    this.#isProbing = false
  }

  /** The provider failed. */
  fail(now: number): void {
    const state = this.state(now)
    if (state === 'open') return
    this.#failures++
    if (state !== 'closed' || this.#failures >= this.#settings.failures) {
      this.openFor(this.#settings.coolDownMs, now)
    }
  }

  /** Opens at once, when the provider itself said how long it will not answer. */
  openFor(ms: number, now: number): void {
    this.#openUntil = Math.max(this.#openUntil ?? now, now + ms)
    this.#isProbing = false
  }
}
