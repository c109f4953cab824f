import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import type { BookDollars } from '../exposures/symbol-dollars.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { windowOf, type ReturnHistory } from './return-history.ts'
import { returnSeries, type ReturnSeries } from './return-series.ts'

/** Fewest returns with which a symbol takes part. */
export const MIN_SYMBOL_RETURNS = 63

/** What today's holdings would have returned. */
export interface HoldingsReturns extends ReturnSeries {
  /** 0 to 100, of the market value of PUBLIC and OPTIONS lots without signs. */
  readonly coveragePct: number
  /** Held, but without enough returns; sorted. */
  readonly leftOut: readonly Ticker[]
}

/**
 * The return series of a portfolio with today's weights: Σ (net cents in symbol ÷ equity) · return of the
 * symbol. Options move like their underlying by their delta; lots of one symbol are netted; weights add up
 * to leverage.
 *
 * Missing data: a symbol with fewer than 63 returns in the history is left out and lowers coverage. A
 * session counts when all others have a return: a series that swapped a gap for 0 would look calmer than
 * the book is. A symbol held net 0 is of no consequence. `ill_conditioned` when equity is not positive,
 * `no_price_data` when nothing held has any return, `insufficient_observations` when nothing has enough.
 *
 * @param equity cents
 * @example $60,000 of A and −$30,000 of B on $100,000: 0.6·r_A − 0.3·r_B
 */
export function holdingsReturns(
  history: ReturnHistory,
  { bySymbol, listed }: BookDollars,
  equity: number,
): AnalyticResult<HoldingsReturns> {
  if (equity <= 0) return unavailable('ill_conditioned')
  const countOf = (symbol: Ticker) => history.counts[history.rowOf.get(symbol) ?? -1] ?? 0
  const isIn = (symbol: Ticker) => countOf(symbol) >= MIN_SYMBOL_RETURNS
  const included = bySymbol.filter(({ symbol }) => isIn(symbol))
  if (included.length === 0) {
    const hasAny = bySymbol.some(({ symbol }) => countOf(symbol) > 0)
    return unavailable(hasAny ? 'insufficient_observations' : 'no_price_data')
  }
  const sums = new Float64Array(history.sessions.length)
  let covered = 0
  for (const { symbol, net, gross } of included) {
    covered += gross
    const window = windowOf(history, symbol)
    if (net !== 0 && window !== null) addScaled(sums, window, net / equity)
  }
  return available({
    ...returnSeries(sums),
    coveragePct: listed > 0 ? (100 * covered) / listed : 0,
    leftOut: bySymbol.filter(({ symbol }) => !isIn(symbol)).map(({ symbol }) => symbol),
  })
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let t = 0; t < target.length; t++) {
    target[t] = (target[t] as number) + factor * (source[t] as number)
  }
}
