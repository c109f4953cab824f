import { setImmediate } from 'node:timers/promises'
import { sessionsBetween } from '../../../calendar/index.ts'
import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { Ticker } from '../../../symbols/ticker.ts'
import type { DailyBar } from '../../bar.ts'
import type { Profile, SymbolOutcome } from '../../profile.ts'
import type { BarOutcome, BarRequest, FetchOptions, MarketDataProvider } from '../../provider.ts'
import { findOption, optionBars } from './option-bars.ts'
import { drawSources } from './sources.ts'
import { syntheticProfile } from './synthetic-profile.ts'
import { symbolBars, type MarketPath, type SessionRange } from './symbol-bars.ts'
import { syntheticSymbols, type SyntheticSymbol } from './symbols.ts'
import { trueBetas } from './true-betas.ts'

const NAME = 'synthetic'
const FIRST_DAY = '2015-01-01' as IsoDate
const LAST_DAY = '2030-12-31' as IsoDate
const SYMBOLS_PER_TURN = 32

export interface SyntheticMarketOptions {
  /** Another seed, another market. */
  readonly seed: number
  /** Adds `SYN00001`, `SYN00002` … to the demo's symbols, for benches. */
  readonly extraSymbols?: number
}

/** A provider whose symbols' betas are known. */
export interface SyntheticMarket extends MarketDataProvider {
  /** Proxies first, then invented stocks and funds. */
  readonly symbols: readonly Ticker[]
  /**
   * The betas a symbol was built with, by name of the factor definition; null for a symbol that the
   * market does not have. See `true-betas.ts` for the derivation.
   */
  trueBetas(symbol: Ticker): ReadonlyMap<string, number> | null
}

/**
 * A seeded market with a known factor structure, every session of 2015 to 2030, the same bytes on every
 * machine: an integer generator, and of floating point only operations that IEEE 754 defines to the last
 * bit. SPY returns s; style proxy k γ_k·s + ρ_k; TLT γ_T·s + ρ_T; a stock Σ b_k·(proxy k) + d·ρ_T + ε, all
 * residuals independent with constant variances. Prices are as traded: most symbols pay dividends, one
 * splits, one splits in reverse, one is listed late. Every OCC contract on these symbols is served as well,
 * priced by a formula that serves the demo (`option-bars.ts`). Profiles say what was drawn. Any other symbol is
 * unknown.
 */
export function createSyntheticMarket(options: SyntheticMarketOptions): SyntheticMarket {
  const { seed, extraSymbols = 0 } = options
  const symbols = new Map(
    syntheticSymbols(seed, extraSymbols).map((symbol) => [symbol.name as Ticker, symbol]),
  )
  const sessions = sessionsBetween(FIRST_DAY, LAST_DAY)
  const path: MarketPath = { sessions, sources: drawSources(seed, sessions.length) }
  return {
    name: NAME,
    symbols: [...symbols.keys()],
    servesDailyBars: () => true,
    expectedCalls: () => 0,
    trueBetas(symbol) {
      const known = symbols.get(symbol)
      return known === undefined ? null : trueBetas(known.loadings)
    },
    async *dailyBars(requests: readonly BarRequest[], { signal }: FetchOptions) {
      for (const [index, request] of requests.entries()) {
        // Thousands of symbols take seconds: signals and heartbeats must get their turn.
        if (index % SYMBOLS_PER_TURN === 0) await setImmediate()
        signal.throwIfAborted()
        yield answer(barsFrom({ seed, path, symbols }, request), request)
      }
    },
    async *profiles(asked: readonly Ticker[], { signal }: FetchOptions) {
      await setImmediate()
      signal.throwIfAborted()
      for (const symbol of asked) yield profileOf(symbols, symbol)
    },
  }
}

interface Market {
  readonly seed: number
  readonly path: MarketPath
  readonly symbols: ReadonlyMap<Ticker, SyntheticSymbol>
}

/** The bars of a stock, fund or contract; null when the market does not have it. */
function barsFrom(
  { seed, path, symbols }: Market,
  request: BarRequest,
): readonly DailyBar[] | null {
  const range = rangeOf(path.sessions, request)
  const symbol = symbols.get(request.symbol)
  if (symbol !== undefined) return symbolBars(seed, symbol, path, range)
  const option = findOption(request.symbol, symbols.values(), path)
  return option === null ? null : optionBars(seed, option, path, range)
}

function answer(bars: readonly DailyBar[] | null, request: BarRequest): BarOutcome {
  const { symbol } = request
  if (bars === null) return unknown(symbol)
  if (bars.length > 0) return { ok: true, symbol, provider: NAME, bars }
  const detail = `${symbol} did not trade from ${request.from} to ${request.to}`
  return { ok: false, symbol, provider: NAME, retryable: false, reason: 'no_bars', detail }
}

function profileOf(symbols: Market['symbols'], symbol: Ticker): SymbolOutcome<Profile> {
  const known = symbols.get(symbol)
  if (known === undefined) return unknown(symbol)
  return { ok: true, symbol, provider: NAME, value: syntheticProfile(known) }
}

function unknown(symbol: Ticker) {
  const detail = `the synthetic market has no symbol ${symbol}`
  const reason = 'unknown_symbol'
  return { ok: false, symbol, provider: NAME, retryable: false, reason, detail } as const
}

function rangeOf(sessions: readonly IsoDate[], { from, to }: BarRequest): SessionRange {
  const first = sessions.findIndex((session) => session >= from)
  const last = sessions.findLastIndex((session) => session <= to)
  return { first: first < 0 ? sessions.length : first, last }
}
