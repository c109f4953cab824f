const SESSIONS_PER_YEAR = 252

/** Annual figures of daily returns. */
export interface RewardToRisk {
  /** Sample standard deviation × √252. */
  readonly volatility: number
  /** Null when the returns never vary. */
  readonly sharpe: number | null
  /** Null when no return is below the risk-free one. */
  readonly sortino: number | null
}

/**
 * Volatility, Sharpe and Sortino ratio: with excess returns e = r − risk-free rate ÷ 252,
 *
 *     Sharpe  = √252 · mean(e) ÷ sample standard deviation(e)               (Sharpe 1994)
 *     Sortino = √252 · mean(e) ÷ √(mean of min(e, 0)², over all days)       (Sortino and Price 1994)
 *
 * Missing data: none allowed, at least two returns.
 *
 * @param riskFreeRate a fraction per year
 */
export function rewardToRisk(returns: readonly number[], riskFreeRate: number): RewardToRisk {
  const n = returns.length
  const excess = returns.map((value) => value - riskFreeRate / SESSIONS_PER_YEAR)
  const mean = excess.reduce((sum, value) => sum + value, 0) / n
  const squares = excess.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const downside = excess.reduce((sum, value) => sum + Math.min(value, 0) ** 2, 0)
  const reward = Math.sqrt(SESSIONS_PER_YEAR) * mean
  const deviation = Math.sqrt(squares / (n - 1))
  return {
    volatility: deviation * Math.sqrt(SESSIONS_PER_YEAR),
    sharpe: squares > 0 ? reward / deviation : null,
    sortino: downside > 0 ? reward / Math.sqrt(downside / n) : null,
  }
}
