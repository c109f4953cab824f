import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import { stepEvent, type Logger } from '../logging/index.ts'
import { loadPricePanel, type PricePanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/index.ts'
import { ChangeListener } from './change-listener.ts'
import { EVERYTHING, type DataChange } from './data-change.ts'
import type { SymbolFactor } from './factor-table.ts'
import { loadSymbolData, reloadSymbols } from './store/load-symbol-data.ts'
import { selectDataStamps, type DataStamps } from './store/select-data-stamps.ts'
import { selectFactorFits } from './store/select-factor-fits.ts'
import { selectLatestPrices } from './store/select-latest-prices.ts'
import type { HistoryQuery, LatestPrice, SymbolData } from './symbol-data.ts'

export interface SymbolCacheOptions {
  readonly database: Database
  /** A direct connection to listen on. */
  readonly listenUrl: string
  readonly clock: Clock
  readonly log: Logger
  /** How often the version stamp is looked at, should a notification be lost. */
  readonly stampCheckMs?: number
}

export interface CacheStatus {
  /** Whether getters can answer from memory. */
  readonly isLoaded: boolean
  readonly isRefreshing: boolean
  readonly isListening: boolean
  readonly symbols: number
  readonly sessions: number
  readonly pricesDate: SessionDate | null
  readonly factorsDate: SessionDate | null
  readonly loadedAt: Date | null
  readonly loadMs: number | null
  /** Symbols answered from memory. */
  readonly hits: number
  /** Symbols for which the database was asked. */
  readonly fallbacks: number
  /** How often data was swapped for newer data. */
  readonly refreshes: number
  readonly failures: number
  readonly notifications: number
}

const MINUTE_MS = 60_000
/** Portfolios of which single refreshes are remembered; beyond, all answers count as out of date. */
const MOST_PORTFOLIOS = 10_000
const RETRY_MS = { first: 250, longest: 60_000 }

/**
 * Prices and factors of all symbols in memory. It is loaded in the background; until then, and for what it
 * does not hold, every getter asks the database, so that a caller never notices but by the time it takes.
 *
 * Newer data is read beside the old and swapped in whole: when a run notifies that it has ended, when the
 * connection that hears this comes back, and when the version stamp has moved. Several processes keep one
 * each; none writes.
 */
export class SymbolCache {
  readonly #options: SymbolCacheOptions
  readonly #listener: ChangeListener
  readonly #stop = new AbortController()
  #hasListened = false
  #stampCheck: NodeJS.Timeout | null = null
  #data: SymbolData | null = null
  #loaded: { readonly at: Date; readonly ms: number; readonly stamp: string | null } | null = null
  /** Of the portfolios, when last told of or looked at. */
  #portfolioStamp: string | null = null
  #wanted: DataChange['symbols'] = []
  #working: Promise<void> | null = null
  /** How often data was swapped, all portfolios were computed, and each by itself. */
  readonly #versions = { symbols: 1, portfolios: 1, portfolio: new Map<string, number>() }
  #counts = { hits: 0, fallbacks: 0, refreshes: 0, failures: 0, notifications: 0 }

  constructor(options: SymbolCacheOptions) {
    this.#options = options
    this.#listener = new ChangeListener({
      url: options.listenUrl,
      log: options.log,
      onChange: (change) => {
        this.#counts.notifications += 1
        this.#changed(change)
      },
      onListening: () => {
        // What was said while nobody listened may have been about anything.
        if (this.#hasListened) this.#changed(EVERYTHING)
        else void this.#checkStamps()
        this.#hasListened = true
      },
    })
  }

  /** Begins loading and listening; returns at once. */
  start(): void {
    this.#changed(EVERYTHING)
    this.#listener.start()
    const every = this.#options.stampCheckMs ?? MINUTE_MS
    this.#stampCheck ??= setInterval(() => void this.#checkStamps(), every).unref()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    if (this.#stampCheck !== null) clearInterval(this.#stampCheck)
    await this.#listener.stop()
    await this.#working
  }

  /**
   * Moves whenever a run may have computed something of the portfolio; compare for equality only. Edits show
   * in the portfolio's own version.
   */
  portfolioVersion(portfolioId: string): string {
    const { portfolios, portfolio } = this.#versions
    return `${portfolios}.${portfolio.get(portfolioId) ?? 0}`
  }

  /** Moves whenever getters may answer otherwise than before; compare for equality only. */
  symbolsVersion(): number {
    return this.#versions.symbols
  }

  status(): CacheStatus {
    const { panel, factors } = this.#data ?? { panel: null, factors: [] }
    return {
      isLoaded: this.#data !== null,
      isRefreshing: this.#working !== null,
      isListening: this.#listener.isListening,
      symbols: panel?.symbols.length ?? 0,
      sessions: panel?.sessions.length ?? 0,
      pricesDate: panel?.sessions.at(-1) ?? null,
      factorsDate: factors[0]?.date ?? null,
      loadedAt: this.#loaded?.at ?? null,
      loadMs: this.#loaded?.ms ?? null,
      ...this.#counts,
    }
  }

  /** The last close of each symbol, as traded; a symbol without any is absent. */
  async latestPrices(symbols: readonly Ticker[]): Promise<ReadonlyMap<Ticker, LatestPrice>> {
    const data = this.#data
    const prices = new Map<Ticker, LatestPrice>()
    const missing: Ticker[] = []
    for (const symbol of symbols) {
      const price = data?.latestPrice(symbol) ?? null
      if (price === null) missing.push(symbol)
      else prices.set(symbol, price)
    }
    this.#count(symbols, missing)
    if (missing.length === 0) return prices
    const stored = await selectLatestPrices(this.#options.database.db, missing)
    return new Map([...prices, ...stored])
  }

  /** All prices in memory, which nobody may change; null before they are loaded. */
  get panel(): PricePanel | null {
    return this.#data?.panel ?? null
  }

  /** Closes and events as `loadPricePanel` answers them. */
  async priceHistory(query: HistoryQuery): Promise<PricePanel> {
    const panel = this.#data?.history(query) ?? null
    this.#count(query.symbols, panel === null ? query.symbols : [])
    return panel ?? (await loadPricePanel(this.#options.database.db, query))
  }

  /** The factor fits of each symbol on a date; a symbol without any is absent. */
  async factors(
    date: SessionDate,
    symbols: readonly Ticker[],
  ): Promise<ReadonlyMap<Ticker, readonly SymbolFactor[]>> {
    const data = this.#data
    const found = new Map<Ticker, readonly SymbolFactor[]>()
    const missing: Ticker[] = []
    for (const symbol of symbols) {
      const fits = data?.factorsOf(symbol, date) ?? null
      if (fits === null) missing.push(symbol)
      else found.set(symbol, fits)
    }
    this.#count(symbols, missing)
    if (missing.length === 0) return found
    const stored = await selectFactorFits(this.#options.database.db, date, missing)
    for (const symbol of missing) {
      const fits = stored.of(symbol)
      if (fits !== null) found.set(symbol, fits)
    }
    return found
  }

  #count(asked: readonly Ticker[], missing: readonly Ticker[]): void {
    this.#counts.hits += asked.length - missing.length
    this.#counts.fallbacks += missing.length
  }

  #changed({ symbols, portfolios }: DataChange): void {
    this.#portfoliosChanged(portfolios)
    if (symbols.length === 0) return
    this.#wanted =
      symbols === 'all' || this.#wanted === 'all' ? 'all' : [...this.#wanted, ...symbols]
    this.#working ??= this.#work().finally(() => (this.#working = null))
  }

  #portfoliosChanged(portfolios: DataChange['portfolios']): void {
    const versions = this.#versions
    if (portfolios === 'all' || versions.portfolio.size + portfolios.length > MOST_PORTFOLIOS) {
      versions.portfolios += 1
      versions.portfolio.clear()
      void this.#readStamps().then((stamps) => {
        if (stamps !== null) this.#portfolioStamp = stamps.portfolios
      })
      return
    }
    for (const id of portfolios) versions.portfolio.set(id, (versions.portfolio.get(id) ?? 0) + 1)
  }

  /** Takes what was recorded as done without a message for news. */
  async #checkStamps(): Promise<void> {
    const stamps = await this.#readStamps()
    if (stamps === null || this.#stop.signal.aborted) return
    const isLoaded = this.#loaded === null || this.#loaded.stamp === stamps.symbols
    this.#changed({
      symbols: isLoaded ? [] : 'all',
      portfolios: this.#portfolioStamp === stamps.portfolios ? [] : 'all',
    })
  }

  async #readStamps(): Promise<DataStamps | null> {
    try {
      return await selectDataStamps(this.#options.database.db)
    } catch (thrown) {
      this.#options.log.warn({ err: coerceError(thrown) }, 'data_stamp_not_read')
      return null
    }
  }

  /** Loads until nothing more is wanted; what fails is tried again, while the old data goes on serving. */
  async #work(): Promise<void> {
    const { signal } = this.#stop
    let delay = RETRY_MS.first
    while (this.#wanted.length > 0 && !signal.aborted) {
      const wanted = this.#wanted
      this.#wanted = []
      try {
        await this.#refresh(wanted)
        delay = RETRY_MS.first
      } catch (thrown) {
        this.#counts.failures += 1
        this.#wanted = 'all'
        const failure = { err: coerceError(thrown), retry_ms: delay }
        stepEvent(this.#options.log, { step: 'cache_refresh', status: 'failed', ...failure })
        await sleep(delay, undefined, { signal }).catch(() => undefined)
        delay = Math.min(delay * 2, RETRY_MS.longest)
      }
    }
  }

  async #refresh(wanted: DataChange['symbols']): Promise<void> {
    const { database, clock, log } = this.#options
    const started = performance.now()
    // Read before the data: what is recorded while they are read is a reason to read them again.
    const { symbols: stamp } = await selectDataStamps(database.db)
    const patched =
      wanted === 'all' || this.#data === null
        ? null
        : await reloadSymbols(database.db, this.#data, wanted)
    const data = patched ?? (await loadSymbolData(database.db))
    const ms = Math.round(performance.now() - started)
    this.#data = data
    this.#loaded = { at: clock.now().toJSDate(), ms, stamp }
    this.#versions.symbols += 1
    this.#counts.refreshes += 1
    const { symbols, sessions } = data.panel
    stepEvent(log, {
      step: 'cache_refresh',
      status: 'completed',
      duration_ms: ms,
      symbols_processed: symbols.length,
      sessions: sessions.length,
    })
  }
}
