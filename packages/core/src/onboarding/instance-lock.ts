import { randomUUID } from 'node:crypto'
import { tryAdvisoryLock, type HeldLock } from '../database/index.ts'

/**
 * A lock of this process's own, held while it lives. Runs that it records carry the lock's name, so that
 * everybody sees by the free lock that the process died with them. A lost connection gives a new name.
 */
export class InstanceLock implements AsyncDisposable {
  readonly #url: string
  #held: Promise<{ readonly name: string; readonly lock: HeldLock }> | null = null

  /** @param url a direct connection, not through a transaction pooler */
  constructor(url: string) {
    this.#url = url
  }

  /** The lock's name; it is held when the promise resolves. Throws DatabaseUnavailable. */
  async name(): Promise<string> {
    this.#held ??= this.#take()
    try {
      return (await this.#held).name
    } catch (thrown) {
      this.#held = null
      throw thrown
    }
  }

  async #take() {
    const name = `symbol_onboarding:instance:${randomUUID()}`
    const lock = await tryAdvisoryLock(this.#url, name)
    if (lock === null) throw new Error(`somebody else holds ${name}`)
    lock.lost.addEventListener('abort', () => {
      this.#held = null
    })
    return { name, lock }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const held = await this.#held?.catch(() => null)
    this.#held = null
    await held?.lock[Symbol.asyncDispose]()
  }
}
