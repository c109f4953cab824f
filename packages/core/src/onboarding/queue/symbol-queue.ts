import type { Clock } from '../../clock/clock.ts'
import { coerceError } from '../../errors/index.ts'
import type { Logger } from '../../logging/index.ts'
import type { Ticker } from '../../symbols/index.ts'

/** How an attempt at a symbol ended. */
export type SymbolEnding =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly retryable: boolean }

export interface SymbolQueueOptions {
  /** Symbols worked on at a time (SYMBOL_ONBOARDING_CONCURRENCY). */
  readonly concurrency: number
  /** Symbols that may wait (SYMBOL_ONBOARDING_MAX_QUEUE). */
  readonly maxQueue: number
  /** Brings one symbol in. What it throws may pass. */
  readonly onboard: (symbol: Ticker, signal: AbortSignal) => Promise<SymbolEnding>
  /** The symbols that open positions need and that are not ready, except those given up for now. */
  readonly findLacking: () => Promise<readonly Ticker[]>
  readonly clock: Clock
  readonly log: Logger
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** A symbol as the queue knows it. */
export interface QueuedSymbol {
  readonly symbol: Ticker
  readonly state: 'pending' | 'processing' | 'failed'
  readonly queuedAt: Date
  readonly attempts: number
  /** Why the last attempt failed. */
  readonly reason: string | null
}

interface Job {
  readonly symbol: Ticker
  readonly queuedAt: Date
  state: QueuedSymbol['state']
  attempts: number
  reason: string | null
  /** Monotonic milliseconds before which a failed symbol is not tried by itself again. */
  retryAt: number
}

const ATTEMPTS = 3
const FIRST_PAUSE_MS = 1_000
const PAUSE_FACTOR = 4
const SYMBOL_LIMIT_MS = 60_000
const SWEEP_MS = 60_000
/** What failed for a passing reason is tried again by itself after this. */
const PASSING_MS = 10 * 60_000
/** What no provider knows. */
const UNKNOWN_MS = 24 * 3_600_000
const FIRST_GUESS_SECONDS = 10

/**
 * Symbols on their way into the universe: first in, first out, a few at a time, each once. It holds nothing
 * that cannot be derived: what it loses with the process is found again from the open positions.
 */
export class SymbolQueue {
  readonly #options: SymbolQueueOptions
  readonly #jobs = new Map<Ticker, Job>()
  readonly #work = new Set<Promise<void>>()
  readonly #stop = new AbortController()
  #secondsPerSymbol = FIRST_GUESS_SECONDS
  /** Some found no room: they are looked for when there is some. */
  #hasLeftOut = false

  constructor(options: SymbolQueueOptions) {
    this.#options = options
  }

  /** Looks for symbols that open positions lack, at once and every minute from then on. */
  start(): void {
    this.#background(async () => {
      while (!this.#stop.signal.aborted) {
        await this.sweep()
        await this.#options.sleep(SWEEP_MS, this.#stop.signal).catch(() => undefined)
      }
    })
  }

  /** Enqueues what open positions lack. A database that is away is asked again at the next turn. */
  async sweep(): Promise<void> {
    try {
      const lacking = await this.#options.findLacking()
      const now = performance.now()
      for (const [symbol, job] of this.#jobs) {
        const isOver = job.state === 'failed' && !lacking.includes(symbol) && job.retryAt <= now
        if (isOver) this.#jobs.delete(symbol)
      }
      this.enqueue(lacking.filter((symbol) => (this.#jobs.get(symbol)?.retryAt ?? 0) <= now))
    } catch (thrown) {
      this.#options.log.warn({ err: coerceError(thrown) }, 'symbol_queue_not_swept')
    }
  }

  /**
   * Adds symbols that are not in it yet; failed ones are tried again.
   *
   * @returns those for which there was no room; a later sweep finds them
   */
  enqueue(symbols: readonly Ticker[]): readonly Ticker[] {
    const leftOut: Ticker[] = []
    for (const symbol of symbols) {
      const known = this.#jobs.get(symbol)
      if (known !== undefined && known.state !== 'failed') continue
      if (this.#count('pending') >= this.#options.maxQueue) {
        leftOut.push(symbol)
        continue
      }
      this.#jobs.delete(symbol)
      const queuedAt = this.#options.clock.now().toJSDate()
      const fresh = { state: 'pending', attempts: 0, reason: null, retryAt: 0 } as const
      this.#jobs.set(symbol, { symbol, queuedAt, ...fresh })
      this.#options.log.info({ step: 'queued', symbol }, 'V2_ONBOARDING')
      this.#fill()
    }
    this.#hasLeftOut ||= leftOut.length > 0
    return leftOut
  }

  /** The symbol's place in the work, or null when the queue does not know it. */
  find(symbol: Ticker): QueuedSymbol | null {
    const job = this.#jobs.get(symbol)
    return job === undefined ? null : viewOf(job)
  }

  /** Everything in it, in its order. */
  list(): readonly QueuedSymbol[] {
    return [...this.#jobs.values()].map(viewOf)
  }

  /** How long it will take until a symbol that is in the queue, or would be added now, is done. */
  estimatedSeconds(symbol: Ticker): number {
    const job = this.#jobs.get(symbol)
    if (job?.state === 'processing') return Math.ceil(this.#secondsPerSymbol)
    const pending = [...this.#jobs.values()].filter(({ state }) => state === 'pending')
    const place = job === undefined ? pending.length : pending.indexOf(job)
    const rounds = Math.floor(Math.max(0, place) / this.#options.concurrency) + 2
    return Math.ceil(rounds * this.#secondsPerSymbol)
  }

  /** Stops the work under way and waits for its end. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the queue is stopped'))
    while (this.#work.size > 0) await Promise.all(this.#work)
  }

  #count(wanted: QueuedSymbol['state']): number {
    let count = 0
    for (const { state } of this.#jobs.values()) if (state === wanted) count += 1
    return count
  }

  #fill(): void {
    if (this.#stop.signal.aborted) return
    for (const job of this.#jobs.values()) {
      if (this.#count('processing') >= this.#options.concurrency) return
      if (job.state !== 'pending') continue
      job.state = 'processing'
      this.#background(async () => {
        await this.#onboard(job)
        this.#fill()
        if (this.#hasLeftOut && this.#count('pending') === 0) {
          this.#hasLeftOut = false
          await this.sweep()
        }
      })
    }
  }

  async #onboard(job: Job): Promise<void> {
    const { log, sleep } = this.#options
    const { signal } = this.#stop
    const started = performance.now()
    for (let pause = FIRST_PAUSE_MS; ; pause *= PAUSE_FACTOR) {
      job.attempts += 1
      log.info({ step: 'processing', symbol: job.symbol, attempt: job.attempts }, 'V2_ONBOARDING')
      const ending = await this.#attempt(job)
      if (signal.aborted) return
      if (ending.ok) {
        const seconds = (performance.now() - started) / 1000
        this.#secondsPerSymbol += (seconds - this.#secondsPerSymbol) / 4
        this.#jobs.delete(job.symbol)
        const duration_ms = Math.round(seconds * 1000)
        log.info({ step: 'complete', symbol: job.symbol, duration_ms }, 'V2_ONBOARDING')
        return
      }
      job.reason = ending.reason
      if (!ending.retryable || job.attempts >= ATTEMPTS) {
        this.#fail(job, ending.retryable)
        return
      }
      await sleep(pause, signal).catch(() => undefined)
    }
  }

  async #attempt({ symbol }: Job): Promise<SymbolEnding> {
    const limit = AbortSignal.timeout(SYMBOL_LIMIT_MS)
    const signal = AbortSignal.any([this.#stop.signal, limit])
    try {
      const ending = await this.#options.onboard(symbol, signal)
      return !ending.ok && limit.aborted
        ? { ok: false, reason: 'timeout', retryable: true }
        : ending
    } catch (thrown) {
      const err = coerceError(thrown)
      if (!this.#stop.signal.aborted)
        this.#options.log.error({ err, symbol }, 'symbol_onboarding_threw')
      return { ok: false, reason: limit.aborted ? 'timeout' : 'internal_error', retryable: true }
    }
  }

  #fail(job: Job, isPassing: boolean): void {
    job.state = 'failed'
    job.retryAt = performance.now() + (isPassing ? PASSING_MS : UNKNOWN_MS)
    const { symbol, reason, attempts } = job
    const line = { step: 'complete', status: 'failed', symbol, reason, attempts }
    this.#options.log.warn(line, 'V2_ONBOARDING')
  }

  #background(body: () => Promise<void>): void {
    const work = body().finally(() => this.#work.delete(work))
    this.#work.add(work)
  }
}

function viewOf({ symbol, state, queuedAt, attempts, reason }: Job): QueuedSymbol {
  return { symbol, state, queuedAt, attempts, reason }
}
