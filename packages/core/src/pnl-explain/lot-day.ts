/** What happened to one lot between two snapshots. Dollars, signed as the lot, with the multiplier. */
export interface LotDay {
  readonly investmentClass: 'PUBLIC' | 'OPTIONS' | 'PRIVATE'
  /** Market value at the previous snapshot; null when the lot has been entered since. */
  readonly previousValue: number | null
  /** Market value of what is open now. */
  readonly value: number
  /** Quantity entered × entry price when the lot has been entered since, else 0. */
  readonly cost: number
  /** Quantity closed since × exit price, trades and expiries alike. */
  readonly proceeds: number
  /** The same quantity × today's mark; for an expiry the settlement itself, which is no trade. */
  readonly closedAtMark: number
}

/** The parts of a day's P&L that lots tell without a model, dollars. */
export interface LotLines {
  /** What buying and selling at other prices than today's marks made. */
  readonly trades: number
  /** What PRIVATE lots gained, new values and closings. */
  readonly privateRevaluations: number
}

/**
 * Adds up what trades and PRIVATE lots gained. The factors explain lots held from one mark to the next. A
 * lot entered since has gained from its entry price to its mark, and what was closed since the difference
 * of its price to the mark at which the factors still count it.
 *
 * @example 100 shares bought at 50 and marked at 52: +200. 40 held at 51 and sold at 53 on a day that ends
 * at 52: +40, the other dollar a share is the market's.
 */
export function lotLines(lots: readonly LotDay[]): LotLines {
  let [trades, privateRevaluations] = [0, 0]
  for (const { investmentClass, previousValue, value, cost, proceeds, closedAtMark } of lots) {
    const gain = value + proceeds - cost - (previousValue ?? 0)
    if (investmentClass === 'PRIVATE') privateRevaluations += gain
    else trades += previousValue === null ? gain : proceeds - closedAtMark
  }
  return { trades, privateRevaluations }
}
