export interface VersionedCacheOptions {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  /** Values kept at most; the one asked for least recently goes first. */
  readonly limit: number
  /** What no version tells of is out of date for at most so long. */
  readonly maxAgeMs: number
}

export interface CacheCounts {
  readonly size: number
  readonly hits: number
  readonly misses: number
  /** Misses because a value was out of date. */
  readonly outdated: number
}

interface Entry<Value> {
  readonly version: string
  readonly until: number
  readonly value: Promise<Value>
}

/**
 * Values for as long as their version is the current one. Whoever asks while a value is being made waits for
 * it; one that fails is not kept.
 */
export class VersionedCache<Value> {
  readonly #options: VersionedCacheOptions
  readonly #entries = new Map<string, Entry<Value>>()
  #counts = { hits: 0, misses: 0, outdated: 0 }

  constructor(options: VersionedCacheOptions) {
    this.#options = options
  }

  counts(): CacheCounts {
    return { size: this.#entries.size, ...this.#counts }
  }

  /**
   * The value of a key, made now unless it is known.
   *
   * @param version of everything the value is made from, read before it is made; another version is another value
   */
  get(key: string, version: string, make: () => Promise<Value>): Promise<Value> {
    const { limit, maxAgeMs } = this.#options
    const now = this.#options.now()
    const known = this.#entries.get(key)
    this.#entries.delete(key)
    if (known !== undefined && known.version === version && known.until > now) {
      this.#counts.hits += 1
      this.#entries.set(key, known)
      return known.value
    }
    this.#counts.misses += 1
    if (known !== undefined) this.#counts.outdated += 1
    const entry = { version, until: now + maxAgeMs, value: make() }
    this.#entries.set(key, entry)
    entry.value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > limit && oldest !== undefined) this.#entries.delete(oldest)
    return entry.value
  }
}
