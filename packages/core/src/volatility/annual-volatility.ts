const SESSIONS_PER_YEAR = 252

/**
 * Annual volatility of daily returns, a fraction: sample standard deviation (n − 1) × √252.
 *
 * Missing data: NaN when any of the returns is.
 */
export function annualVolatility(returns: Float64Array): number {
  const n = returns.length
  let sum = 0
  for (const value of returns) sum += value
  const mean = sum / n
  let squares = 0
  for (const value of returns) squares += (value - mean) ** 2
  return Math.sqrt((squares / (n - 1)) * SESSIONS_PER_YEAR)
}
