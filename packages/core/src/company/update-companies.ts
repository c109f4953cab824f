import type { UpsertCounts } from '../database/index.ts'
import type { CompanyAnswer } from '../market-data/company-source.ts'
import type { FetchOptions } from '../market-data/provider.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { RefusedValue } from './column-fit.ts'

/** A symbol and what a provider says of it. */
export interface Answered<Value> {
  readonly symbol: Ticker
  readonly value: Value
}

/** What a batch of symbols brought: answers, and symbols that have none to give. */
export interface AnsweredBatch<Value> {
  readonly answers: readonly Answered<Value>[]
  readonly absent: readonly Ticker[]
}

/** What storing a batch did; rows, not symbols. */
export interface StoredBatch extends UpsertCounts {
  readonly refused: readonly RefusedValue[]
}

export interface CompanyUpdate<Value> {
  /** Whom to ask for, in this order. */
  readonly symbols: readonly Ticker[]
  readonly ask: (
    symbols: readonly Ticker[],
    options: FetchOptions,
  ) => AsyncIterable<CompanyAnswer<Value>>
  /** Stores a batch as a whole: all of it or nothing. */
  readonly store: (batch: AnsweredBatch<Value>) => Promise<StoredBatch>
  /** Asked before each batch; once false, the remaining symbols are left for another time. */
  readonly hasTime: () => boolean
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number) => void
}

/** A symbol whose answer could not be read. */
export interface UnreadableAnswer {
  readonly symbol: Ticker
  readonly reason: string
  readonly detail: string
}

export interface CompanyReport extends StoredBatch {
  /** Symbols of which something was stored. */
  readonly answered: number
  /** Symbols without an answer by reason, apart from the unreadable ones. */
  readonly without: Readonly<Record<string, number>>
  readonly unreadable: readonly UnreadableAnswer[]
  /** Symbols whose providers could not be asked, by reason; part of `without`. */
  readonly unreached: Readonly<Record<string, number>>
  /** What the first of them was told. */
  readonly unreachedDetail: string | null
}

/** So many symbols are asked for and stored at once: what a crash or a stop may cost. */
const SYMBOLS_PER_BATCH = 100

/**
 * Asks for symbols batch by batch and stores each before the next. When nobody could be asked for a whole
 * batch, the rest is left for another time: a provider that is down is not asked thousands of times.
 *
 * @throws the signal's reason when aborted, and what storing throws; earlier batches stay stored
 */
export async function updateCompanies<Value>(update: CompanyUpdate<Value>): Promise<CompanyReport> {
  const { symbols, ask, store, signal } = update
  const tally = new CompanyTally()
  for (let start = 0; start < symbols.length; start += SYMBOLS_PER_BATCH) {
    signal.throwIfAborted()
    if (!update.hasTime()) {
      tally.leave('no_time', symbols.length - start)
      break
    }
    const answers: CompanyAnswer<Value>[] = []
    for await (const answer of ask(symbols.slice(start, start + SYMBOLS_PER_BATCH), { signal })) {
      answers.push(answer)
      update.progress(start + answers.length, symbols.length)
    }
    signal.throwIfAborted()
    const told = answers.filter((answer) => answer.ok)
    const absent = answers.flatMap((answer) =>
      !answer.ok && answer.verdict === 'absent' ? [answer.symbol] : [],
    )
    const isTold = told.length + absent.length > 0
    tally.add(answers, isTold ? await store({ answers: told, absent }) : NOTHING_STORED)
    const unreached = answers.find((answer) => !answer.ok && answer.verdict === 'unreached')
    if (!isTold && unreached?.ok === false) {
      tally.leaveUnreached(unreached.reason, symbols.length - start - answers.length)
      break
    }
  }
  return tally.report()
}

const NOTHING_STORED: StoredBatch = { inserted: 0, updated: 0, refused: [] }

class CompanyTally {
  #answered = 0
  #inserted = 0
  #updated = 0
  #unreachedDetail: string | null = null
  readonly #without: Record<string, number> = {}
  readonly #unreached: Record<string, number> = {}
  readonly #unreadable: UnreadableAnswer[] = []
  readonly #refused: RefusedValue[] = []

  add(answers: readonly CompanyAnswer<unknown>[], stored: StoredBatch): void {
    for (const answer of answers) {
      if (answer.ok) this.#answered += 1
      else if (answer.verdict === 'absent') this.leave(answer.reason, 1)
      else if (answer.verdict === 'unreadable') this.#unreadable.push(answer)
      else {
        this.#unreachedDetail ??= answer.detail
        this.leaveUnreached(answer.reason, 1)
      }
    }
    this.#inserted += stored.inserted
    this.#updated += stored.updated
    this.#refused.push(...stored.refused)
  }

  leaveUnreached(reason: string, count: number): void {
    this.leave(reason, count)
    if (count > 0) this.#unreached[reason] = (this.#unreached[reason] ?? 0) + count
  }

  leave(reason: string, count: number): void {
    if (count > 0) this.#without[reason] = (this.#without[reason] ?? 0) + count
  }

  report(): CompanyReport {
    return {
      answered: this.#answered,
      inserted: this.#inserted,
      updated: this.#updated,
      refused: this.#refused,
      without: this.#without,
      unreadable: this.#unreadable,
      unreached: this.#unreached,
      unreachedDetail: this.#unreachedDetail,
    }
  }
}
