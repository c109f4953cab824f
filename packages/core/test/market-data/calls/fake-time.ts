import { setImmediate } from 'node:timers/promises'

/** Time that passes only when a test says so. */
export class FakeTime {
  #now = 0
  readonly #timers = new Set<{ readonly at: number; readonly ring: () => void }>()

  readonly now = (): number => this.#now

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return Promise.reject(new Error('sleep was aborted'))
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const timer = {
      at: this.#now + ms,
      ring: () => {
        resolve(undefined)
      },
    }
    this.#timers.add(timer)
    signal.addEventListener('abort', () => {
      this.#timers.delete(timer)
      reject(new Error('sleep was aborted'))
    })
    return promise
  }

  /** Sleeps that are neither over nor aborted. */
  get sleeping(): number {
    return this.#timers.size
  }

  /** Lets so much time pass, ringing what is due in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await setImmediate()
    for (let next = this.#next(); next !== null && next <= end; next = this.#next()) {
      await this.#ring(next)
    }
    this.#now = end
  }

  /** Lets time pass until a promise is settled; it must not wait for anything but time. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    const outcome = { isSettled: false }
    const note = () => {
      outcome.isSettled = true
    }
    promise.then(note, note)
    for (;;) {
      await setImmediate()
      if (outcome.isSettled) return promise
      const next = this.#next()
      if (next === null) throw new Error('nothing is left to wait for')
      await this.#ring(next)
    }
  }

  #next(): number | null {
    return this.#timers.size === 0 ? null : Math.min(...[...this.#timers].map(({ at }) => at))
  }

  async #ring(at: number): Promise<void> {
    this.#now = at
    for (const timer of this.#timers) {
      if (timer.at > at) continue
      this.#timers.delete(timer)
      timer.ring()
    }
    await setImmediate()
  }
}
