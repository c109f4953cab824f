import { hasEnoughMarks } from '../analytics/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import {
  exposureBook,
  symbolDollars,
  type BookDollars,
  type ValuedBook,
} from '../exposures/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { PortfolioBooks } from './portfolio-context.ts'
import type { PortfolioSettings } from './portfolio-settings.ts'

/** A portfolio on a date as its analytics need to know it. */
export interface RiskBook extends ValuedBook {
  /** The lots netted by symbol, in cents; options by the Greeks that are stored of the date. */
  readonly dollars: BookDollars
  /** False: too many marks are missing for analytics, `insufficient_marks`. */
  readonly hasEnoughMarks: boolean
}

export interface RiskDaySource {
  readonly date: SessionDate
  readonly books: PortfolioBooks
  /** By lot id. */
  readonly deltaDollars: ReadonlyMap<string, number>
  /** Symbols that nobody was asked about yet: they cannot have a price. */
  readonly pending: ReadonlySet<Ticker>
  readonly settings: PortfolioSettings
}

/** The portfolios due on a date, each made into a book when it is first asked for. */
export class RiskDay {
  readonly #source: RiskDaySource
  readonly #books = new Map<string, RiskBook>()

  constructor(source: RiskDaySource) {
    this.#source = source
  }

  get date(): SessionDate {
    return this.#source.date
  }

  /** Throws when the portfolio cannot be valued. */
  bookOf(portfolioId: string): RiskBook {
    const known = this.#books.get(portfolioId)
    if (known !== undefined) return known
    const book = this.#make(portfolioId)
    this.#books.set(portfolioId, book)
    return book
  }

  #make(portfolioId: string): RiskBook {
    const { books, date, deltaDollars, pending, settings } = this.#source
    const value = books.valueOf(portfolioId, date)
    const valued = exposureBook(books.factsOf(portfolioId), value, deltaDollars)
    const able = valued.lots.filter(({ symbol, investmentClass, priceStatus }) => {
      if (priceStatus !== 'missing') return true
      const isServed = investmentClass !== 'OPTIONS' || settings.hasOptionPrices
      return isServed && !pending.has(symbol)
    })
    return {
      ...valued,
      dollars: symbolDollars(valued.lots),
      hasEnoughMarks: hasEnoughMarks(able, settings.analyticsMaxMissingShare),
    }
  }
}
