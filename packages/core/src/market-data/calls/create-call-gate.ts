import type { Logger } from '../../logging/index.ts'
import type { CallGate, CallUsage } from './call-gate.ts'
import { Circuit, type CircuitSettings } from './circuit.ts'
import { providerErrorOf } from './provider-error-of.ts'
import { BudgetSpent, Unavailable, type ProviderError } from './provider-errors.ts'
import { LONGEST_RETRY_AFTER_MS, retryDelay } from './retry-delay.ts'
import { StartWindow, type StartedCall } from './start-window.ts'
import { untilAborted } from './until-aborted.ts'

export interface CallGateSettings {
  /** The provider's name, for messages and logs. */
  readonly provider: string
  /** Calls under way at once. */
  readonly concurrency: number
  /** Calls started within any 60 s, retries included. */
  readonly startsPerMinute: number
  /** For one attempt, its body included. */
  readonly timeoutMs: number
  readonly maxRetries: number
  /** Calls of this gate altogether, retries included; null = no limit. */
  readonly maxCalls: number | null
  /** What waiting for retries may cost altogether; null = no limit. Pacing is not counted. */
  readonly maxRetryWaitMs: number | null
  readonly breaker: CircuitSettings
}

export interface CallGatePorts {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/**
 * The gate of one provider for one run. Calls start in the order they came; a retry queues again.
 *
 * - Pacing: see `StartWindow`. Retries: see `retryDelay`.
 * - A 429, or any answer with Retry-After, holds back every call that has not started. A wait that is
 *   longer than `LONGEST_RETRY_AFTER_MS`, or than what is left of `maxRetryWaitMs`, is not waited for:
 *   the circuit opens for as long.
 * - The circuit opens after so many failed attempts in a row. Answers that the provider is broken count
 *   each, a rate limit when it outlasts a call's retries; any other answer means that the provider is
 *   there. Calls that queue fail at once when it opens; while one probes, the others wait for it.
 * - An abort ends every wait at once.
 */
export function createCallGate(settings: CallGateSettings, ports: CallGatePorts): CallGate {
  return new Gate(settings, ports)
}

class Gate implements CallGate {
  readonly #settings: CallGateSettings
  readonly #ports: CallGatePorts
  readonly #window: StartWindow
  readonly #circuit: Circuit
  readonly #usage = { calls: 0, retries: 0, heldBack: 0, waitedMs: 0 }
  #underWay = 0
  #pausedUntil = -Infinity
  #retryWaitMs = 0
  #lastFailure: ProviderError | null = null
  /** Done when the call before has started or given up. */
  #turn: Promise<void> = Promise.resolve()
  /** Done when a call ends, which may let another one start. */
  #change = Promise.withResolvers<undefined>()

  constructor(settings: CallGateSettings, ports: CallGatePorts) {
    this.#settings = settings
    this.#ports = ports
    this.#window = new StartWindow(settings.startsPerMinute)
    this.#circuit = new Circuit(settings.breaker)
  }

  get usage(): CallUsage {
    return { ...this.#usage }
  }

  async run<T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const start = await this.#admit(signal)
      if (attempt > 0) this.#usage.retries++
      let delay: number
      try {
        const value = await this.#underTimeout(call, signal)
        this.#circuit.succeed(this.#ports.now())
        return value
      } catch (thrown) {
        signal.throwIfAborted()
        const error = providerErrorOf(this.#settings.provider, thrown)
        delay = this.#delayAfter(error, attempt)
      } finally {
        this.#end(start)
      }
      if (delay > 0) await this.#wait(delay, signal)
    }
  }

  /** Waits until a call may start and starts it. @throws BudgetSpent, Unavailable, the signal's reason */
  async #admit(signal: AbortSignal): Promise<Start> {
    const mine = Promise.withResolvers<undefined>()
    const before = this.#turn
    this.#turn = before.then(() => mine.promise)
    try {
      await untilAborted(before, signal)
      for (;;) {
        signal.throwIfAborted()
        const ms = this.#msToStart()
        if (ms <= 0) return this.#start()
        await this.#wait(ms, signal, this.#change.promise)
      }
    } finally {
      mine.resolve(undefined)
    }
  }

  /** Infinity: not before another call has ended. */
  #msToStart(): number {
    const { provider, maxCalls, concurrency } = this.#settings
    const now = this.#ports.now()
    if (maxCalls !== null && this.#usage.calls >= maxCalls) {
      throw new BudgetSpent(`the ${maxCalls} calls to ${provider} that a run may make are used up`)
    }
    const state = this.#circuit.state(now)
    if (state === 'open') {
      this.#usage.heldBack++
      const why = this.#lastFailure?.message ?? ''
      const options = { cause: this.#lastFailure }
      throw new Unavailable(`${provider} is not asked for the time being: ${why}`, options)
    }
    if (state === 'probing' || this.#underWay >= concurrency) return Infinity
    return Math.max(this.#pausedUntil - now, this.#window.waitMs(now))
  }

  #start(): Start {
    this.#underWay++
    this.#usage.calls++
    return { call: this.#window.start(), isProbe: this.#circuit.start(this.#ports.now()) }
  }

  #end({ call, isProbe }: Start): void {
    call.endedAt = this.#ports.now()
    this.#underWay--
    if (isProbe) this.#circuit.giveUpProbe()
    this.#change.resolve(undefined)
    this.#change = Promise.withResolvers()
  }

  async #underTimeout<T>(
    call: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { provider, timeoutMs } = this.#settings
    const over = new AbortController()
    const stop = AbortSignal.any([signal, over.signal])
    const answer = call(stop)
    const timeout = this.#ports.sleep(timeoutMs, stop).then(() => {
      throw new Unavailable(`${provider} did not answer within ${timeoutMs / 1000} s`)
    })
    try {
      return await Promise.race([answer, timeout])
    } finally {
      over.abort()
    }
  }

  /** Notes a failed attempt. The milliseconds until the call may queue again; throws when it may not. */
  #delayAfter(error: ProviderError, attempt: number): number {
    if (error.kind !== 'unavailable' && error.kind !== 'rate_limited') {
      this.#circuit.succeed(this.#ports.now())
      throw error
    }
    const now = this.#ports.now()
    const isShared = error.kind === 'rate_limited' || error.retryAfterMs !== null
    const delay = retryDelay(error, attempt, this.#ports.random)
    const until = now + delay
    const cost = isShared ? until - Math.max(now, Math.min(until, this.#pausedUntil)) : delay
    const isTooLong = delay > LONGEST_RETRY_AFTER_MS || cost > this.#retryWaitLeft()
    const isLast = isTooLong || attempt >= this.#settings.maxRetries
    const wasOpen = this.#circuit.openMs(now) > 0
    this.#lastFailure = error
    if (error.kind === 'unavailable' || isLast) this.#circuit.fail(now)
    if (isTooLong && isShared) this.#circuit.openFor(delay, now)
    const openMs = this.#circuit.openMs(now)
    const isOpen = openMs > 0
    const fields = { reason: error.kind, detail: error.message, attempt: attempt + 1 }
    this.#report(fields, isOpen && !wasOpen ? { openMs } : { delay })
    const isPause = isShared && !isOpen
    const isRetry = !isLast && !isOpen
    if (isPause) this.#pausedUntil = Math.max(this.#pausedUntil, until)
    if (isPause || isRetry) this.#retryWaitMs += cost
    if (!isRetry) throw error
    return isShared ? 0 : delay
  }

  #retryWaitLeft(): number {
    return (this.#settings.maxRetryWaitMs ?? Infinity) - this.#retryWaitMs
  }

  #report(failure: object, then: { openMs: number } | { delay: number }): void {
    const fields = { provider: this.#settings.provider, ...failure }
    const { log } = this.#ports
    if ('openMs' in then) log.warn({ ...fields, open_ms: then.openMs }, 'provider_circuit_open')
    else log.info({ ...fields, delay_ms: Math.round(then.delay) }, 'provider_call_failed')
  }

  /** Waits so long, or until `change`. */
  async #wait(ms: number, signal: AbortSignal, change?: Promise<unknown>): Promise<void> {
    if (ms === Infinity) {
      await untilAborted(change ?? Promise.resolve(), signal)
      return
    }
    const from = this.#ports.now()
    const over = new AbortController()
    const sleep = this.#ports.sleep(ms, AbortSignal.any([signal, over.signal]))
    try {
      await untilAborted(change === undefined ? sleep : Promise.race([sleep, change]), signal)
    } finally {
      over.abort()
      this.#usage.waitedMs += this.#ports.now() - from
    }
  }
}

interface Start {
  readonly call: StartedCall
  readonly isProbe: boolean
}
