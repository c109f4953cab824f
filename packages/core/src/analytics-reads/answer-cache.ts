/** What an answer depends on besides the question. */
export interface AnswerKey {
  readonly portfolioId: string
  /** The question with its parameters. */
  readonly question: string
  /** Of everything the answer is made from, read before it is made; another version is another answer. */
  readonly version: string
}

export interface AnswerCacheOptions {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  /** Answers kept at most; the one asked for least recently goes first. */
  readonly limit?: number
  /** What no version tells of is out of date for at most so long. */
  readonly maxAgeMs?: number
}

export interface AnswerCounts {
  readonly answers: number
  readonly hits: number
  readonly misses: number
  /** Misses because an answer was out of date. */
  readonly outdated: number
}

interface Entry {
  readonly version: string
  readonly until: number
  readonly answer: Promise<string>
}

const LIMIT = 5_000
/** Versions tell of everything but the passing of time, which makes prices old from one minute to the next. */
const MAX_AGE_MS = 15 * 60_000

/**
 * Answers about portfolios as JSON text, for as long as their version is the current one. Whoever asks while
 * an answer is being made waits for it; one that fails is not kept.
 */
export class AnswerCache {
  readonly #now: () => number
  readonly #limit: number
  readonly #maxAgeMs: number
  readonly #entries = new Map<string, Entry>()
  #counts = { hits: 0, misses: 0, outdated: 0 }

  constructor({ now, limit = LIMIT, maxAgeMs = MAX_AGE_MS }: AnswerCacheOptions) {
    this.#now = now
    this.#limit = limit
    this.#maxAgeMs = maxAgeMs
  }

  counts(): AnswerCounts {
    return { answers: this.#entries.size, ...this.#counts }
  }

  get({ portfolioId, question, version }: AnswerKey, make: () => Promise<string>): Promise<string> {
    const key = `${portfolioId} ${question}`
    const now = this.#now()
    const known = this.#entries.get(key)
    this.#entries.delete(key)
    if (known !== undefined && known.version === version && known.until > now) {
      this.#counts.hits += 1
      this.#entries.set(key, known)
      return known.answer
    }
    this.#counts.misses += 1
    if (known !== undefined) this.#counts.outdated += 1
    const entry = { version, until: now + this.#maxAgeMs, answer: make() }
    this.#entries.set(key, entry)
    entry.answer.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > this.#limit && oldest !== undefined) this.#entries.delete(oldest)
    return entry.answer
  }
}
