import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import type { BookDollars } from '../exposures/symbol-dollars.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { SymbolSensitivities } from './symbol-sensitivities.ts'

const CENTS = 100

/** What a portfolio gains, in dollars, per unit of each factor's move, in the order of the model. */
export interface PortfolioSensitivities {
  readonly dollars: Float64Array
  /** √Σ (net dollars in symbol · its standard error)²: residuals independent across symbols. */
  readonly stdErrors: Float64Array
  /** Per unit of the rate proxy's return, when that alone is known; NaN without it in the model. */
  readonly rateDollars: number
  readonly rateStdError: number
  /** 0 to 100, of the market value of PUBLIC and OPTIONS lots without signs. */
  readonly coveragePct: number
  /** Held, but without enough returns; sorted. */
  readonly leftOut: readonly Ticker[]
}

/**
 * Adds up what a portfolio holds: Σ net dollars in symbol · sensitivity of the symbol.
 *
 * Missing data: a symbol without sensitivities contributes nothing and lowers coverage;
 * `no_factor_exposures` when no symbol held has any.
 *
 * @param book lots netted by symbol, in cents
 * @param factorCount factors of the model
 */
export function portfolioSensitivities(
  { bySymbol, listed }: BookDollars,
  sensitivities: SymbolSensitivities,
  factorCount: number,
): AnalyticResult<PortfolioSensitivities> {
  const dollars = new Float64Array(factorCount)
  const variances = new Float64Array(factorCount)
  let [covered, rateDollars, rateVariance] = [0, 0, 0]
  const leftOut: Ticker[] = []
  for (const { symbol, net, gross } of bySymbol) {
    const own = sensitivities.get(symbol)
    if (own === undefined) {
      leftOut.push(symbol)
      continue
    }
    covered += gross
    if (net === 0) continue
    const held = net / CENTS
    for (let k = 0; k < factorCount; k++) {
      dollars[k] = (dollars[k] as number) + held * (own.coefficients[k] as number)
      variances[k] = (variances[k] as number) + (held * (own.stdErrors[k] as number)) ** 2
    }
    rateDollars += held * own.rateBeta
    rateVariance += (held * own.rateStdError) ** 2
  }
  if (leftOut.length === bySymbol.length) return unavailable('no_factor_exposures')
  return available({
    dollars,
    stdErrors: variances.map(Math.sqrt),
    rateDollars,
    rateStdError: Math.sqrt(rateVariance),
    coveragePct: listed > 0 ? (100 * covered) / listed : 0,
    leftOut,
  })
}
