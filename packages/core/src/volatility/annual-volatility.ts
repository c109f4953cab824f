const SESSIONS_PER_YEAR = 252

/**
 * Annual volatility of daily returns, a fraction: sample standard deviation (n − 1) × √252.
 *
 * Missing data: NaN when any of the returns is.
 */
export function annualVolatility(returns: Float64Array): number {
  const n = returns.length
  const mean = returns.reduce((sum, value) => sum + value, 0) / n
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt((squares / (n - 1)) * SESSIONS_PER_YEAR)
}
