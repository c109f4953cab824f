import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import { annualVolatility } from './annual-volatility.ts'
import { expectedVolatility } from './har-forecast.ts'
import { rollingVolatility } from './rolling-volatility.ts'
import { volatilityTrend, type VolatilityTrend } from './volatility-trend.ts'

const MONTH = 21
const QUARTER = 63
const YEAR = 252

/** Volatilities are annual, fractions. */
export interface VolatilityMetrics {
  readonly realized21d: number
  readonly realized63d: number
  /** Over the next 21 sessions; null when there is no forecast. */
  readonly expected21d: number | null
  readonly trend: VolatilityTrend
  /** 0 to 1; null with fewer than 252 returns. */
  readonly percentile: number | null
  readonly observations: number
}

/**
 * Volatility of a series of daily returns: of a portfolio, a symbol, or an option lot as its delta-adjusted
 * underlying.
 *
 * - Realised over 21 and 63 returns: sample standard deviation (n − 1) × √252.
 * - Expected over the next 21 sessions: see `expectedVolatility`.
 * - Trend of the last 21 volatilities of 21 returns: see `volatilityTrend`.
 * - Percentile: the share of the last 252 volatilities of 21 returns that are not above today's, itself
 *   among them; 1 means the highest. With 252 to 271 returns it is taken of those that there are.
 *
 * Missing data: sessions without a return are not in the series; `insufficient_observations` below 63.
 *
 * @param returns simple daily returns, in session order, all finite
 */
export function volatilityMetrics(returns: Float64Array): AnalyticResult<VolatilityMetrics> {
  const observations = returns.length
  if (observations < QUARTER) return unavailable('insufficient_observations')
  const rolling = rollingVolatility(returns.subarray(-(YEAR + MONTH - 1)), MONTH)
  return available({
    realized21d: annualVolatility(returns.subarray(-MONTH)),
    realized63d: annualVolatility(returns.subarray(-QUARTER)),
    expected21d: expectedVolatility(returns, MONTH),
    trend: volatilityTrend(rolling.subarray(-MONTH)),
    percentile: observations < YEAR ? null : shareNotAboveLast(rolling),
    observations,
  })
}

function shareNotAboveLast(values: Float64Array): number {
  const last = values.at(-1) ?? NaN
  return values.filter((value) => value <= last).length / values.length
}
