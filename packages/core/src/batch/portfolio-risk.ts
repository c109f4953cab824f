import type { SessionDate } from '../calendar/iso-date.ts'
import type { Database } from '../database/index.ts'
import { selectDeltaDollars, type SymbolBetas } from '../exposures/index.ts'
import { proxySymbols, type FactorDefinition } from '../factors/index.ts'
import type { Lot } from '../pnl/index.ts'
import { loadPricePanel } from '../returns/index.ts'
import { selectPendingSymbols, type Ticker } from '../symbols/index.ts'
import type { AnalyticResult } from '../analytics/index.ts'
import { historyStart } from './history-window.ts'
import type { PortfolioBooks } from './portfolio-context.ts'
import type { PortfolioSettings } from './portfolio-settings.ts'
import type { MarketDay } from './market-day.ts'
import type { PriceMemory } from './price-memory.ts'
import { RiskDay } from './risk-day.ts'
import { RiskMarket } from './risk-market.ts'
import type { RiskModel } from './risk-model.ts'

export interface RiskSource {
  readonly database: Database
  /** Unset = from the database. */
  readonly memory?: PriceMemory | undefined
  readonly definitions: readonly FactorDefinition[]
  readonly settings: PortfolioSettings
  readonly books: PortfolioBooks
  /** Whatever the portfolios of the run hold on any of its dates. */
  readonly symbols: readonly Ticker[]
  /** The run's sessions, ascending. */
  readonly dates: readonly SessionDate[]
}

/**
 * What the analytics of a run share: returns read once for all its dates, books made once per date. Holds
 * only what follows from the tables, so that a phase run by itself finds the same.
 */
export class PortfolioRisk {
  readonly #source: RiskSource
  #market: RiskMarket | undefined
  #day: RiskDay | undefined

  constructor(source: RiskSource) {
    this.#source = source
  }

  async market(): Promise<RiskMarket> {
    this.#market ??= await this.#loadMarket()
    return this.#market
  }

  /** What follows on a session from returns alone, of earlier runs too where the process remembers it. */
  async marketDay(date: SessionDate): Promise<MarketDay> {
    return (await this.market()).on(date)
  }

  /** The books of a date. Asked for after the date's marks and Greeks are stored, if they are at all. */
  async day(date: SessionDate): Promise<RiskDay> {
    if (this.#day?.date !== date) this.#day = await this.#loadDay(date)
    return this.#day
  }

  /** Makes the books of the date anew when they are next asked for: its Greeks have changed. */
  forgetDay(): void {
    this.#day = undefined
  }

  /** Betas of earlier runs, where the process remembers them; whoever reads another symbol's adds it. */
  async betas(date: SessionDate, factorIds: readonly string[]): Promise<Map<Ticker, SymbolBetas>> {
    if (this.#source.memory === undefined) return new Map()
    return (await this.marketDay(date)).betas(factorIds)
  }

  /** How factors and the run's symbols move together on a session. */
  async model(date: SessionDate): Promise<AnalyticResult<RiskModel>> {
    const { definitions, symbols } = this.#source
    return (await this.marketDay(date)).model(definitions, symbols)
  }

  async #loadMarket(): Promise<RiskMarket> {
    const { database, dates, definitions, memory, symbols } = this.#source
    const [first] = dates
    const last = dates.at(-1)
    if (first === undefined || last === undefined) throw new RangeError('the run has no session')
    const needed = [...new Set([...symbols, ...proxySymbols(definitions)])].sort()
    const query = { symbols: needed, from: historyStart(first, definitions), to: last }
    if (memory !== undefined) return await memory.market(query)
    return new RiskMarket(await loadPricePanel(database.db, query))
  }

  async #loadDay(date: SessionDate): Promise<RiskDay> {
    const { books, database, settings } = this.#source
    const due = books.dueOn(date)
    const ids = due.map(({ portfolioId }) => portfolioId)
    const deltaDollars = await selectDeltaDollars(database.db, date, ids)
    const unpriced = new Set<Ticker>()
    for (const { book } of due) {
      for (const lot of book.lots) if (this.#isUnpriced(lot, date)) unpriced.add(lot.symbol)
    }
    const pending =
      unpriced.size === 0 ? [] : await selectPendingSymbols(database.db, [...unpriced].sort())
    return new RiskDay({ date, books, deltaDollars, pending: new Set(pending), settings })
  }

  #isUnpriced({ symbol, investmentClass, entryDate }: Lot, date: SessionDate): boolean {
    const { prices } = this.#source.books
    if (investmentClass === 'PRIVATE' || entryDate > date) return false
    return prices(symbol).closeOnOrBefore(date) === null
  }
}
