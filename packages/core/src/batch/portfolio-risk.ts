import type { SessionDate } from '../calendar/iso-date.ts'
import type { Database } from '../database/index.ts'
import { selectDeltaDollars } from '../exposures/index.ts'
import { proxySymbols, type FactorDefinition } from '../factors/index.ts'
import type { Lot } from '../pnl/index.ts'
import { loadPricePanel, totalReturns, type ReturnPanel } from '../returns/index.ts'
import { selectPendingSymbols, type Ticker } from '../symbols/index.ts'
import type { AnalyticResult } from '../analytics/index.ts'
import { historyStart } from './history-window.ts'
import type { PortfolioBooks } from './portfolio-context.ts'
import type { PortfolioSettings } from './portfolio-settings.ts'
import type { PriceMemory, SymbolVolatilities } from './price-memory.ts'
import { RiskDay } from './risk-day.ts'
import { riskModel, type RiskModel } from './risk-model.ts'
import { columnOf } from './symbol-chunk.ts'

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

/** The market side of all dates of a run, the same for every portfolio. */
export interface RiskMarket {
  /** Of everything held (options by their underlying) and of the factor proxies, SPY and TLT; sorted. */
  readonly returns: ReturnPanel
  /** Which edition of prices it is, where the process remembers more than one run's. */
  readonly edition: string | null
  /** The column of a session of the run in it. */
  readonly columnOf: (date: SessionDate) => number
}

/**
 * What the analytics of a run share: returns read once for all its dates, books made once per date. Holds
 * only what follows from the tables, so that a phase run by itself finds the same.
 */
export class PortfolioRisk {
  readonly #source: RiskSource
  #market: RiskMarket | undefined
  #day: RiskDay | undefined
  readonly #models = new Map<SessionDate, AnalyticResult<RiskModel>>()

  constructor(source: RiskSource) {
    this.#source = source
  }

  async market(): Promise<RiskMarket> {
    this.#market ??= await this.#loadMarket()
    return this.#market
  }

  /** Volatilities of symbols that are known already, of earlier runs too; whoever computes another adds it. */
  async volatilities(date: SessionDate): Promise<SymbolVolatilities> {
    const { edition } = await this.market()
    return this.#source.memory?.volatilities(edition, date) ?? new Map()
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

  /** How factors and symbols move together on a session; of two sessions it is remembered. */
  async model(date: SessionDate): Promise<AnalyticResult<RiskModel>> {
    const known = this.#models.get(date)
    if (known !== undefined) return known
    const [earliest] = [...this.#models.keys()].sort()
    if (earliest !== undefined && this.#models.size > 1) this.#models.delete(earliest)
    const model = riskModel(await this.market(), date, this.#source.definitions)
    this.#models.set(date, model)
    return model
  }

  async #loadMarket(): Promise<RiskMarket> {
    const { database, dates, definitions, symbols } = this.#source
    const { memory } = this.#source
    const [first] = dates
    const last = dates.at(-1)
    if (first === undefined || last === undefined) throw new RangeError('the run has no session')
    const needed = [...new Set([...symbols, ...proxySymbols(definitions)])].sort()
    const from = historyStart(first, definitions)
    const query = { symbols: needed, from, to: last }
    const { panel, edition } =
      memory === undefined
        ? { panel: await loadPricePanel(database.db, query), edition: null }
        : await memory.read(query)
    const returns = totalReturns(panel)
    return { returns, edition, columnOf: (date) => columnOf(date, returns.sessions) }
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
