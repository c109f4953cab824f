import type { PositionGreeks } from './position-greeks.ts'

/** The Greek columns of a row of `portfolio_snapshots`, all in dollars. */
export interface PortfolioGreeks {
  /** Dollars that move with the underlyings, shares included. */
  readonly delta: number
  /** Change of `delta` when every underlying moves by 1 %. */
  readonly gamma: number
  /** Per calendar day. */
  readonly theta: number
  /** Per point (0.01) of volatility. */
  readonly vega: number
}

/**
 * Adds up the Greeks of a portfolio: Σ Δ·q·100·S of its options plus the market value of its shares,
 * whose delta is 1, and the options' gamma, theta and vega.
 *
 * Missing data: lots without Greeks are not in the list, and what is missing of the sum is for the caller
 * to say. PRIVATE lots have no Greeks.
 *
 * @param shares signed market value of the PUBLIC lots that have a mark, dollars
 * @param options the lots that have Greeks, in any order
 */
export function portfolioGreeks(
  shares: number,
  options: readonly PositionGreeks[],
): PortfolioGreeks {
  const sum = (of: (greeks: PositionGreeks) => number): number =>
    options
      .map(of)
      .sort((a, b) => a - b)
      .reduce((total, value) => total + value, 0)
  return {
    delta: shares + sum(({ deltaDollars }) => deltaDollars),
    gamma: sum(({ gammaDollars }) => gammaDollars),
    theta: sum(({ thetaPerDay }) => thetaPerDay),
    vega: sum(({ vegaPerPoint }) => vegaPerPoint),
  }
}
