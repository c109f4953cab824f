import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import { stepEvent, type Logger } from '../logging/index.ts'
import { loadPricePanel, type PricePanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/index.ts'
import { ChangeListener } from './change-listener.ts'
import type { DataChange } from './data-change.ts'
import type { SymbolFactor } from './factor-table.ts'
import { loadSymbolData, reloadSymbols } from './store/load-symbol-data.ts'
import { selectDataStamp } from './store/select-data-stamp.ts'
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
  /** Grows with everything that may have changed an answer about any portfolio. */
  readonly dataVersion: number
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
  #wanted: DataChange['symbols'] = []
  #working: Promise<void> | null = null
  /** How often each portfolio was refreshed by itself. */
  readonly #portfolioVersions = new Map<string, number>()
  #counts = { dataVersion: 1, hits: 0, fallbacks: 0, refreshes: 0, failures: 0, notifications: 0 }

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
        if (this.#hasListened) this.#changed({ symbols: 'all', portfolioId: null })
        else void this.#checkStamp()
        this.#hasListened = true
      },
    })
  }

  /** Begins loading and listening; returns at once. */
  start(): void {
    this.#changed({ symbols: 'all', portfolioId: null })
    this.#listener.start()
    const every = this.#options.stampCheckMs ?? MINUTE_MS
    this.#stampCheck ??= setInterval(() => void this.#checkStamp(), every).unref()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    if (this.#stampCheck !== null) clearInterval(this.#stampCheck)
    await this.#listener.stop()
    await this.#working
  }

  /**
   * Moves whenever an answer about the portfolio that was made before may be out of date because of what a
   * run did; compare for equality only. Edits show in the portfolio's own version.
   */
  versionFor(portfolioId: string): string {
    return `${this.#counts.dataVersion}.${this.#portfolioVersions.get(portfolioId) ?? 0}`
  }

  status(): CacheStatus {
    const { panel, factors } = this.#data ?? { panel: null, factors: null }
    return {
      isLoaded: this.#data !== null,
      isRefreshing: this.#working !== null,
      isListening: this.#listener.isListening,
      symbols: panel?.symbols.length ?? 0,
      sessions: panel?.sessions.length ?? 0,
      pricesDate: panel?.sessions.at(-1) ?? null,
      factorsDate: factors?.date ?? null,
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

  #changed({ symbols, portfolioId }: DataChange): void {
    if (symbols.length === 0 && portfolioId !== null) {
      if (this.#portfolioVersions.size >= MOST_PORTFOLIOS) {
        this.#portfolioVersions.clear()
        this.#counts.dataVersion += 1
      }
      const refreshed = this.#portfolioVersions.get(portfolioId) ?? 0
      this.#portfolioVersions.set(portfolioId, refreshed + 1)
      return
    }
    this.#counts.dataVersion += 1
    this.#wanted =
      symbols === 'all' || this.#wanted === 'all' ? 'all' : [...this.#wanted, ...symbols]
    this.#working ??= this.#work().finally(() => (this.#working = null))
  }

  async #checkStamp(): Promise<void> {
    try {
      const stamp = await selectDataStamp(this.#options.database.db)
      const isKnown = this.#loaded === null || this.#loaded.stamp === stamp
      if (!isKnown && !this.#stop.signal.aborted)
        this.#changed({ symbols: 'all', portfolioId: null })
    } catch (thrown) {
      this.#options.log.warn({ err: coerceError(thrown) }, 'data_stamp_not_read')
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
    const stamp = await selectDataStamp(database.db)
    const patched =
      wanted === 'all' || this.#data === null
        ? null
        : await reloadSymbols(database.db, this.#data, wanted)
    const data = patched ?? (await loadSymbolData(database.db))
    const ms = Math.round(performance.now() - started)
    this.#data = data
    this.#loaded = { at: clock.now().toJSDate(), ms, stamp }
    this.#counts.dataVersion += 1
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
