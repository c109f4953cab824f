export type VolatilityTrend = 'increasing' | 'decreasing' | 'stable'

/** Smallest slope that counts, volatility per session. */
const SMALLEST_SLOPE = 0.001
/** The line must explain more than this share of the variance. */
const SMALLEST_R_SQUARED = 0.3

/**
 * Which way consecutive volatilities go: the slope of the least-squares line through them, when it is
 * steeper than 0.001 a session and R² is above 0.3.
 *
 * @example 0.20, 0.202, 0.204, … rises by 0.002 a session with R² = 1: `increasing`
 */
export function volatilityTrend(volatilities: Float64Array): VolatilityTrend {
  const n = volatilities.length
  const centre = (n - 1) / 2
  const mean = volatilities.reduce((sum, value) => sum + value, 0) / n
  let [covariance, timeVariance, variance] = [0, 0, 0]
  for (const [t, value] of volatilities.entries()) {
    covariance += (t - centre) * (value - mean)
    timeVariance += (t - centre) ** 2
    variance += (value - mean) ** 2
  }
  const slope = covariance / timeVariance
  const rSquared = variance > 0 ? (covariance * slope) / variance : 0
  if (Math.abs(slope) <= SMALLEST_SLOPE || rSquared <= SMALLEST_R_SQUARED) return 'stable'
  return slope > 0 ? 'increasing' : 'decreasing'
}
