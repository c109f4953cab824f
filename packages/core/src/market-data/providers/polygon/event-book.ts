import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { BarEvents } from '../../bar-events.ts'
import { Malformed } from '../../calls/provider-errors.ts'
import { asShape, DIVIDEND, SPLIT, TICKER_RECORD } from './polygon-shapes.ts'
import type { ProblemList } from './problem-list.ts'

/** What is known of a day to which no record belongs: the lists are complete, so that there was nothing. */
const NO_EVENTS: BarEvents = { dividend: 0, splitRatio: 1 }

/**
 * The splits and dividends of some tickers, read from the vendor's lists; records of other tickers are
 * passed over. Several dividends of a day add up, several splits multiply; a record that is listed twice
 * counts once. A dividend in another currency than USD makes its day's dividend unknown (null).
 *
 * A record of a wanted ticker that cannot be read is that ticker's fault alone; one without a ticker may
 * be anybody's, so that its list is refused.
 */
export class EventBook {
  readonly #events = new Map<string, Map<IsoDate, BarEvents>>()
  readonly #faults = new Map<string, Malformed>()
  readonly #seen = new Set<string>()
  readonly #problems: ProblemList

  constructor(tickers: Iterable<string>, problems: ProblemList) {
    for (const ticker of tickers) this.#events.set(ticker, new Map())
    this.#problems = problems
  }

  /** @throws Malformed when a record has no ticker */
  addSplits(records: readonly unknown[]): void {
    this.#add(records, (record, path, ticker) => {
      const { execution_date: date, split_from, split_to } = asShape(SPLIT, record, path)
      if (this.#isRepeated(['split', ticker, date, split_from, split_to])) return
      const { dividend, splitRatio } = this.on(ticker, date)
      const ratio = (splitRatio ?? 1) * (split_to / split_from)
      this.#events.get(ticker)?.set(date, { dividend, splitRatio: ratio })
    })
  }

  /** @throws likewise */
  addDividends(records: readonly unknown[]): void {
    this.#add(records, (record, path, ticker) => {
      const parsed = asShape(DIVIDEND, record, path)
      const { ex_dividend_date: date, cash_amount: amount, currency } = parsed
      if (this.#isRepeated(['dividend', ticker, parsed.id ?? record])) return
      const { dividend, splitRatio } = this.on(ticker, date)
      const isForeign = (currency ?? 'USD').toUpperCase() !== 'USD'
      if (isForeign) {
        const what = `a dividend of ${ticker} on ${date} is in ${currency ?? ''}, not USD`
        this.#problems.note(`polygon: ${what}; the day's dividend is unknown`)
      }
      const sum = isForeign || dividend === null ? null : dividend + amount
      this.#events.get(ticker)?.set(date, { dividend: sum, splitRatio })
    })
  }

  /** What is known of a ticker's day. */
  on(ticker: string, date: IsoDate): BarEvents {
    return this.#events.get(ticker)?.get(date) ?? NO_EVENTS
  }

  /** The days of a ticker that have records. */
  dates(ticker: string): readonly IsoDate[] {
    return [...(this.#events.get(ticker)?.keys() ?? [])]
  }

  /** @throws Malformed when a record of the ticker could not be read */
  assertReadable(ticker: string): void {
    const fault = this.#faults.get(ticker)
    if (fault !== undefined) throw fault
  }

  #add(
    records: readonly unknown[],
    read: (record: unknown, path: string, ticker: string) => void,
  ): void {
    for (const [index, record] of records.entries()) {
      const path = `results.${index}`
      const { ticker } = asShape(TICKER_RECORD, record, path)
      if (!this.#events.has(ticker)) continue
      try {
        read(record, path, ticker)
      } catch (thrown) {
        if (!(thrown instanceof Malformed)) throw thrown
        this.#faults.set(ticker, thrown)
      }
    }
  }

  #isRepeated(key: unknown): boolean {
    const text = JSON.stringify(key)
    if (this.#seen.has(text)) return true
    this.#seen.add(text)
    return false
  }
}
