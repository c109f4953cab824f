import type { SessionDate } from '../calendar/iso-date.ts'
import { totalReturns, type PricePanel, type ReturnPanel } from '../returns/index.ts'
import { MarketDay } from './market-day.ts'
import { columnOf } from './symbol-chunk.ts'

/** A date is explained with the model of the session before. */
const DAYS = 2

/** The market side of all dates of a run, the same for every portfolio. */
export class RiskMarket {
  /** Of everything held (options by their underlying) and of the factor proxies, SPY and TLT at least. */
  readonly returns: ReturnPanel
  readonly #days = new Map<SessionDate, MarketDay>()

  constructor(prices: PricePanel) {
    this.returns = totalReturns(prices)
  }

  /** What is computed of a session; of two sessions it is remembered. */
  on(date: SessionDate): MarketDay {
    const known = this.#days.get(date)
    if (known !== undefined) return known
    const [earliest] = [...this.#days.keys()].sort()
    if (earliest !== undefined && this.#days.size >= DAYS) this.#days.delete(earliest)
    const day = new MarketDay(this.returns, columnOf(date, this.returns.sessions))
    this.#days.set(date, day)
    return day
  }
}
