import {
  addDays,
  previousSession,
  sessionIndex,
  sessionsBack,
  sessionsBetween,
} from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Database } from '../database/index.ts'
import { proxySymbols, type FactorDefinition } from '../factors/index.ts'
import {
  selectAskedHistory,
  selectBarCoverage,
  updateBars,
  type BarUpdateReport,
  type GapPlan,
  type ProviderChain,
} from '../market-data/index.ts'
import {
  loadPricePanel,
  totalReturns,
  type PricePanel,
  type ReturnPanel,
} from '../returns/index.ts'
import {
  assumedAssetType,
  selectNightlySymbols,
  selectPreferredProviders,
  type NightlySymbol,
  type Ticker,
} from '../symbols/index.ts'
import { CORRECTION_SESSIONS } from './correction-sessions.ts'
import { historyStart } from './history-window.ts'
import type { SymbolScope } from './run-request.ts'
import type { SymbolContext } from './symbol-context.ts'

/** The column of a session in a panel that holds it. */
export function columnOf(date: SessionDate, sessions: readonly SessionDate[]): number {
  const [first] = sessions
  return first === undefined ? -1 : sessionIndex(date) - sessionIndex(first)
}

/** Closes and returns of everything that a slice's dates look at, read once. */
export interface ChunkPanel {
  readonly prices: PricePanel
  readonly returns: ReturnPanel
}

export interface ChunkSource {
  readonly database: Database
  readonly chain: ProviderChain
  readonly scope: SymbolScope
  readonly definitions: readonly FactorDefinition[]
  /** The slice's sessions, ascending; not empty. */
  readonly dates: readonly SessionDate[]
}

/**
 * What the dates of one slice share, so that a provider is asked once for many days and prices are
 * read once for many dates. Holds only copies of what the tables say: a phase run by itself finds
 * the same.
 */
export class SymbolChunk {
  readonly #source: ChunkSource
  readonly #first: SessionDate
  readonly #last: SessionDate
  readonly #windowStart: SessionDate
  readonly #proxies: readonly Ticker[]
  #update: BarUpdateReport | undefined
  #panel: ChunkPanel | undefined

  constructor(source: ChunkSource) {
    this.#source = source
    const [first] = source.dates
    if (first === undefined) throw new RangeError('a slice has at least one session')
    this.#first = first
    this.#last = source.dates.at(-1) ?? first
    this.#windowStart = historyStart(this.#first, source.definitions)
    this.#proxies = proxySymbols(source.definitions)
  }

  /** Whether the slice is about every symbol there is. */
  get isWhole(): boolean {
    return this.#source.scope.kind === 'universe'
  }

  isFirst(date: SessionDate): boolean {
    return date === this.#first
  }

  /** The symbols whose prices a date needs: the scope's and the factor proxies. */
  dueOn(date: SessionDate): Promise<readonly NightlySymbol[]> {
    return this.#due(date, date)
  }

  /** The symbols whose rows a run writes for a date: the scope's, without the proxies it only reads, without options. */
  async writtenOn(date: SessionDate): Promise<readonly NightlySymbol[]> {
    const due = await this.dueOn(date)
    const inScope = await this.#scopeFilter(date)
    return due.filter(({ symbol, assetType }) => assetType !== 'option' && inScope(symbol))
  }

  /** Fetches the slice's missing bars; later calls answer what the first one that succeeded did. */
  async updateBars(context: SymbolContext): Promise<BarUpdateReport> {
    this.#update ??= await this.#updateBars(context)
    return this.#update
  }

  /** The price and return panel of the slice. Read after the bars were updated, if they are at all. */
  async panel(): Promise<ChunkPanel> {
    this.#panel ??= await this.#loadPanel()
    return this.#panel
  }

  /** The sessions of the panel. */
  get range(): { readonly from: SessionDate; readonly to: SessionDate } {
    return { from: this.#windowStart, to: this.#last }
  }

  /** The sessions that the panel is about: the slice's and the few before it that it may correct. */
  get correctable(): { readonly from: SessionDate; readonly to: SessionDate } {
    return { from: sessionsBack(this.#first, CORRECTION_SESSIONS), to: this.#last }
  }

  /** Whether a session is one of the slice's own. */
  includes(date: SessionDate): boolean {
    return this.#source.dates.includes(date)
  }

  /** What a run would ask providers for; writes nothing. */
  async plan(): Promise<GapPlan> {
    const due = await this.#due(this.#first, this.#last)
    const symbols = due.filter((one) => this.#isAskedFor(one)).map(({ symbol }) => symbol)
    const window = { symbols, windowStart: this.#windowStart, end: this.#last }
    const coverage = await selectBarCoverage(this.#source.database.db, window)
    const askedFrom = await selectAskedHistory(this.#source.database.db)
    return { ...window, coverage, askedFrom }
  }

  #isAskedFor({ symbol, isProxy }: NightlySymbol): boolean {
    const { scope } = this.#source
    if (scope.kind !== 'symbols' || scope.proxiesAsStored !== true) return true
    return !isProxy || scope.symbols.includes(symbol)
  }

  async #updateBars(context: SymbolContext): Promise<BarUpdateReport> {
    return updateBars({
      ...context,
      chain: this.#source.chain,
      plan: await this.plan(),
      preferred: await selectPreferredProviders(this.#source.database.db),
      judge: {
        effectiveDate: context.effectiveDate,
        quarantineReturn: context.settings.quarantineReturn,
      },
    })
  }

  async #loadPanel(): Promise<ChunkPanel> {
    const { from } = this.correctable
    const due = await this.#due(from, this.#last)
    const symbols = due
      .filter(({ assetType }) => assetType !== 'option')
      .map(({ symbol }) => symbol)
    const prices = await loadPricePanel(this.#source.database.db, { symbols, ...this.range })
    return { prices, returns: totalReturns(prices) }
  }

  async #due(from: SessionDate, to: SessionDate): Promise<readonly NightlySymbol[]> {
    const { scope, database } = this.#source
    if (scope.kind === 'symbols') return this.#named(scope.symbols)
    return selectNightlySymbols(database.db, {
      from,
      to,
      proxies: this.#proxies,
      includeInactive: sessionsBetween(from, to).some(isFirstOfWeek),
      portfolioId: this.#portfolioId(),
    })
  }

  #portfolioId(): string | null {
    const { scope } = this.#source
    if (scope.kind === 'portfolio') return scope.portfolioId
    if (scope.kind === 'universe') return null
    throw new RangeError('symbols of several portfolios are asked for by name')
  }

  #named(symbols: readonly Ticker[]): readonly NightlySymbol[] {
    const proxies = new Set(this.#proxies)
    return [...new Set([...symbols, ...proxies])].sort().map((symbol) => ({
      symbol,
      assetType: assumedAssetType(symbol, proxies.has(symbol)),
      isProxy: proxies.has(symbol),
    }))
  }

  async #scopeFilter(date: SessionDate): Promise<(symbol: Ticker) => boolean> {
    const { scope, database } = this.#source
    if (scope.kind === 'universe') return () => true
    if (scope.kind === 'symbols') {
      const named = new Set(scope.symbols)
      return (symbol) => named.has(symbol)
    }
    const own = await selectNightlySymbols(database.db, {
      from: date,
      to: date,
      proxies: [],
      includeInactive: false,
      portfolioId: this.#portfolioId(),
    })
    const names = new Set(own.map(({ symbol }) => symbol))
    return (symbol) => names.has(symbol)
  }
}

/** Inactive symbols are tried again on the first session of each week. */
function isFirstOfWeek(session: SessionDate): boolean {
  return mondayOf(session) !== mondayOf(previousSession(session))
}

function mondayOf(date: SessionDate): string {
  const daysSinceMonday = (new Date(date).getUTCDay() + 6) % 7
  return addDays(date, -daysSinceMonday)
}
