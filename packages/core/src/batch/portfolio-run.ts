import type { SessionDate } from '../calendar/iso-date.ts'
import { exposureSymbol } from '../exposures/index.ts'
import {
  openingEquity,
  valueBook,
  type Book,
  type BookValue,
  type PriceSource,
  type RunningTotals,
} from '../pnl/index.ts'
import type { BookRequest, LoadedBook } from '../portfolios/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { PlannedPortfolio } from './plan-portfolios.ts'
import type { PortfolioBook, PortfolioBooks } from './portfolio-context.ts'

export interface PortfolioRunOptions {
  readonly fromInception: boolean
  readonly planned: readonly PlannedPortfolio[]
  readonly books: ReadonlyMap<string, LoadedBook>
  readonly prices: PriceSource
}

/** The portfolios of a run, and what has been computed for the date under way. */
export class PortfolioRun implements PortfolioBooks {
  readonly prices: PriceSource
  readonly #planned: ReadonlyMap<string, PlannedPortfolio>
  readonly #byDate: ReadonlyMap<SessionDate, readonly PlannedPortfolio[]>
  readonly #books: Map<string, LoadedBook>
  readonly #fromInception: boolean
  readonly #excluded = new Set<string>()
  #values: { readonly date: SessionDate; readonly of: Map<string, BookValue> } | null = null

  constructor({ planned, books, prices, fromInception }: PortfolioRunOptions) {
    this.#fromInception = fromInception
    this.prices = prices
    this.#planned = new Map(planned.map((portfolio) => [portfolio.id, portfolio]))
    this.#books = new Map(books)
    const byDate = new Map<SessionDate, PlannedPortfolio[]>()
    for (const portfolio of planned) {
      for (const date of portfolio.sessions) {
        const own = byDate.get(date)
        if (own === undefined) byDate.set(date, [portfolio])
        else own.push(portfolio)
      }
    }
    this.#byDate = byDate
  }

  plannedOn(date: SessionDate): number {
    return this.#byDate.get(date)?.length ?? 0
  }

  dueOn(date: SessionDate): readonly PortfolioBook[] {
    const due = this.#byDate.get(date) ?? []
    return due.flatMap(({ id }) => {
      const book = this.#excluded.has(id) ? undefined : this.#books.get(id)
      return book === undefined ? [] : [book]
    })
  }

  dueIdsOn(date: SessionDate): readonly string[] {
    const due = this.#byDate.get(date) ?? []
    return due.filter(({ id }) => !this.#excluded.has(id)).map(({ id }) => id)
  }

  planOf(portfolioId: string): PlannedPortfolio {
    const planned = this.#planned.get(portfolioId)
    if (planned === undefined) throw new RangeError(`portfolio ${portfolioId} is not of this run`)
    return planned
  }

  /** The symbols whose moves the portfolios' lots follow, sorted. */
  symbols(): readonly Ticker[] {
    const followed = [...this.#books.values()].flatMap(({ book }) => book.lots.map(exposureSymbol))
    return [...new Set(followed.filter((symbol) => symbol !== null))].sort()
  }

  /** What is to be loaded of a portfolio. */
  requestOf(portfolioId: string): BookRequest {
    return bookRequest(this.planOf(portfolioId), this.#fromInception)
  }

  exclude(portfolioId: string): void {
    this.#excluded.add(portfolioId)
  }

  factsOf(portfolioId: string): Book {
    const book = this.#books.get(portfolioId)?.book
    if (book === undefined) throw new RangeError(`portfolio ${portfolioId} is not of this run`)
    return book
  }

  valueOf(portfolioId: string, date: SessionDate): BookValue {
    const known = this.#valuesOn(date).get(portfolioId)
    if (known !== undefined) return known
    return this.value(portfolioId, this.factsOf(portfolioId), { date, previous: null })
  }

  /** Values facts as they are now, and remembers both for the phases that follow. */
  value(
    portfolioId: string,
    book: Book,
    on: { readonly date: SessionDate; readonly previous: RunningTotals | null },
  ): BookValue {
    const { prices } = this
    const value = valueBook(book, { ...on, prices, openingEquity: openingEquity(book, prices) })
    const loaded = this.#books.get(portfolioId)
    if (loaded !== undefined) this.#books.set(portfolioId, { ...loaded, book })
    this.#valuesOn(on.date).set(portfolioId, value)
    return value
  }

  #valuesOn(date: SessionDate): Map<string, BookValue> {
    if (this.#values?.date !== date) this.#values = { date, of: new Map() }
    return this.#values.of
  }
}

/** How the facts of a planned portfolio are to be loaded. */
export function bookRequest(
  { id, firstSnapshot, equityAsOf }: PlannedPortfolio,
  fromInception: boolean,
): BookRequest {
  return { portfolioId: id, firstSnapshot, equityAsOf, fromInception }
}
