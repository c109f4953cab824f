import { totalGrowth, type PricePanel, type ReturnPanel } from '../returns/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { HORIZONS, horizonStarts, type Horizon } from './horizons.ts'
import { annualVolatility } from '../volatility/index.ts'

export interface SymbolMetricInputs {
  /** Must reach back a year for all returns to exist. */
  readonly prices: PricePanel
  /** The total returns of `prices`. */
  readonly returns: ReturnPanel
  /** Column of the date in both panels. */
  readonly sessionIndex: number
  /** The symbols to describe; all of the panel by default. */
  readonly symbols?: readonly Ticker[]
  /** Symbols that have a company profile. */
  readonly profiled: ReadonlySet<Ticker>
  /** How many active factors have a value, by symbol; absent = none. */
  readonly factorCounts: ReadonlyMap<Ticker, number>
  /** How many factor definitions are active. */
  readonly activeFactors: number
}

/** Figures of many symbols on one date. Entry i of every list belongs to symbol i; NaN = none. */
export interface SymbolMetrics {
  /** The symbols that have a close on the date. */
  readonly symbols: readonly Ticker[]
  /** Dollars per share, as traded. */
  readonly currentPrice: Float64Array
  /** Total returns, fractions. */
  readonly returns: Readonly<Record<Horizon, Float64Array>>
  /** Annual, a fraction. */
  readonly volatility21d: Float64Array
  /** 0 to 100. */
  readonly dataQualityScore: Float64Array
  /** The symbols that have no close on the date, and hence no figures (`no_price`). */
  readonly withoutPrice: readonly Ticker[]
}

const VOLATILITY_SESSIONS = 21

/** Points of the data quality score. */
const POINTS = { price: 30, returns: 30, profile: 20, factors: 20 } as const

/**
 * The figures of `symbol_daily_metrics` that follow from prices. The quality score is 30 for the
 * price, 30 × the share of the six returns that exist, 20 for a profile, 20 × the share of the active
 * factors that have a value (all of it when none is active).
 *
 * Missing data: a symbol without a close on the date has no figures; a return whose first close is
 * missing, and a volatility without all of its 21 returns, is NaN.
 */
export function computeSymbolMetrics(inputs: SymbolMetricInputs): SymbolMetrics {
  const { prices, sessionIndex } = inputs
  const width = prices.sessions.length
  const rowOf = new Map(prices.symbols.map((symbol, row) => [symbol, row]))
  const closeOf = (symbol: Ticker): number => {
    const row = rowOf.get(symbol)
    return row === undefined ? NaN : (prices.close[row * width + sessionIndex] as number)
  }
  const asked = inputs.symbols ?? prices.symbols
  const symbols = asked.filter((symbol) => !Number.isNaN(closeOf(symbol)))
  const withoutPrice = asked.filter((symbol) => Number.isNaN(closeOf(symbol)))
  const rows = Int32Array.from(symbols, (symbol) => rowOf.get(symbol) as number)
  const returns = returnsByHorizon(inputs, rows)
  return {
    symbols,
    currentPrice: Float64Array.from(symbols, closeOf),
    returns,
    volatility21d: volatilities(inputs, rows),
    dataQualityScore: Float64Array.from(symbols, (symbol, i) => {
      const existing = HORIZONS.filter((horizon) => !Number.isNaN(returns[horizon][i]))
      return qualityScore(inputs, symbol, existing.length)
    }),
    withoutPrice,
  }
}

function returnsByHorizon(
  { prices, sessionIndex: to }: SymbolMetricInputs,
  rows: Int32Array,
): Readonly<Record<Horizon, Float64Array>> {
  const starts = horizonStarts(prices.sessions, to)
  const eventsOf = Map.groupBy(prices.events, ({ symbolIndex }) => symbolIndex)
  const growthSince = (from: number | null) =>
    Float64Array.from(rows, (symbolIndex) =>
      from === null
        ? NaN
        : totalGrowth(prices, eventsOf.get(symbolIndex) ?? [], { symbolIndex, from, to }),
    )
  return {
    '1d': growthSince(starts['1d']),
    '1m': growthSince(starts['1m']),
    '3m': growthSince(starts['3m']),
    '1y': growthSince(starts['1y']),
    mtd: growthSince(starts.mtd),
    ytd: growthSince(starts.ytd),
  }
}

function volatilities(
  { returns, sessionIndex }: SymbolMetricInputs,
  rows: Int32Array,
): Float64Array {
  const width = returns.sessions.length
  const first = sessionIndex + 1 - VOLATILITY_SESSIONS
  return Float64Array.from(rows, (row) =>
    first < 0
      ? NaN
      : annualVolatility(
          returns.values.subarray(row * width + first, row * width + sessionIndex + 1),
        ),
  )
}

function qualityScore(
  { profiled, factorCounts, activeFactors }: SymbolMetricInputs,
  symbol: Ticker,
  existingReturns: number,
): number {
  const factorShare = activeFactors === 0 ? 1 : (factorCounts.get(symbol) ?? 0) / activeFactors
  return (
    POINTS.price +
    POINTS.returns * (existingReturns / HORIZONS.length) +
    POINTS.profile * Number(profiled.has(symbol)) +
    POINTS.factors * factorShare
  )
}
