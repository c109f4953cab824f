import { randomUUID } from 'node:crypto'
import { tryAdvisoryLock, type HeldConnection, type HeldLock } from '../database/index.ts'

/**
 * A lock of this process's own, held while it lives. Runs that it records carry the lock's name, so that
 * everybody sees by the free lock that the process died with them. A lost connection gives a new name.
 */
export class InstanceLock implements AsyncDisposable {
  readonly #url: string
  #held: Promise<{ readonly name: string; readonly lock: HeldConnection }> | null = null

  /** @param url a direct connection, not through a transaction pooler */
  constructor(url: string) {
    this.#url = url
  }

  /** The lock's name; it is held when the promise resolves. Throws DatabaseUnavailable. */
  async name(): Promise<string> {
    return (await this.#take()).name
  }

  /** Takes locks of this process's runs on the same connection; null when somebody holds one. */
  async tryLocks(names: readonly string[]): Promise<HeldLock | null> {
    return (await this.#take()).lock.also(names)
  }

  async #take() {
    this.#held ??= this.#connect()
    try {
      return await this.#held
    } catch (thrown) {
      this.#held = null
      throw thrown
    }
  }

  async #connect() {
    const name = `symbol_onboarding:instance:${randomUUID()}`
    const lock = await tryAdvisoryLock(this.#url, name)
    if (lock === null) throw new Error(`somebody else holds ${name}`)
    lock.lost.addEventListener('abort', () => {
      this.#held = null
      void lock[Symbol.asyncDispose]()
    })
    return { name, lock }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const held = await this.#held?.catch(() => null)
    this.#held = null
    await held?.lock[Symbol.asyncDispose]()
  }
}
