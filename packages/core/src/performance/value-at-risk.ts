/** Losses count positive, as fractions of equity. */
export interface TailRisk {
  /** The loss that is exceeded on (1 − confidence) of days. */
  readonly valueAtRisk: number
  /** The mean loss on days that lose at least as much. */
  readonly expectedShortfall: number
  readonly observations: number
}

const SESSIONS = 252

/**
 * Historical value at risk and expected shortfall of one session: minus the (1 − confidence) quantile of
 * the last 252 returns, linearly interpolated between order statistics at (n − 1)·(1 − confidence)
 * (Hyndman and Fan 1996, type 7), and minus the mean of the returns not above that quantile.
 *
 * Missing data: null with fewer than 1 ÷ (1 − confidence) returns, whose tail would hold less than one.
 *
 * @param returns of today's holdings, see `holdingsReturns`
 * @param confidence a fraction, 0.95 or 0.99
 * @example returns −4 %, −3 %, …, 16 % (21 of them) at 95 %: quantile at position 1, VaR 3 %, ES 3.5 %
 */
export function tailRisk(returns: Float64Array, confidence: number): TailRisk | null {
  const sorted = returns.slice(-SESSIONS).sort()
  const observations = sorted.length
  // In thousandths, because 1 − 0.95 is a little more than 0.05.
  const tail = Math.round((1 - confidence) * 1000) / 1000
  if (observations * tail < 1) return null
  const position = (observations - 1) * tail
  const lower = sorted[Math.floor(position)] as number
  const upper = sorted[Math.ceil(position)] as number
  const quantile = lower + (position - Math.floor(position)) * (upper - lower)
  const worst = sorted.filter((value) => value <= quantile)
  return {
    valueAtRisk: -quantile,
    expectedShortfall: -worst.reduce((sum, value) => sum + value, 0) / worst.length,
    observations,
  }
}
