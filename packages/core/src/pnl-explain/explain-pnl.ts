/** A day of a portfolio to be explained. Dollars. */
export interface PnlFacts {
  readonly dailyPnl: number
  /** Received on the day's ex-dates, a short's counted negative; part of `dailyPnl`. */
  readonly dividends: number
  readonly trades: number
  readonly privateRevaluations: number
  /** Of option lots at the previous close, per year. */
  readonly thetaPerYear: number
  /** Calendar days since the previous snapshot. */
  readonly days: number
  /** At the previous snapshot, with the day's flow; what the day's return is over. */
  readonly equity: number
}

/** How the portfolio was placed at the previous close, and what the factors did since. */
export interface FactorDay {
  readonly names: readonly string[]
  /** Dollars per unit of each factor's move, see `PortfolioSensitivities`. */
  readonly dollars: Float64Array
  /** See `factorMoves`. */
  readonly moves: Float64Array
}

/** The lines add up to the day's P&L. Dollars, not rounded. */
export interface PnlExplanation {
  /** β·s + Σ b·a by factor. */
  readonly factors: Readonly<Record<string, number>>
  readonly dividends: number
  /**
   * What shares lost by going ex-dividend, minus `dividends`. Factors explain total returns, in which a
   * dividend and the fall of the price cancel; without this line every special dividend would look like a
   * bad price.
   */
  readonly exDividendFall: number
  readonly trades: number
  readonly privateRevaluations: number
  readonly optionTimeValue: number
  readonly rest: number
  /** Signed rest ÷ equity; null when equity is not positive. */
  readonly restShare: number | null
}

const DAYS_PER_YEAR = 365

/**
 * Explains a day's P&L with the joint model of the previous session; what remains is the holdings' own news,
 * the curvature of options, and errors in data.
 *
 * Missing data: none allowed; without a model or the factors' moves there is no explanation.
 *
 * @example β of $100,000, a market of +1 %, P&L 1,300, of which 200 are dividends and 50 trades: Market
 * 1,000, dividends 200, fall −200, trades 50, rest 250
 */
export function explainPnl(facts: PnlFacts, { names, dollars, moves }: FactorDay): PnlExplanation {
  const { dailyPnl, dividends, trades, privateRevaluations, thetaPerYear, days, equity } = facts
  const shares = names.map((name, k): [string, number] => [
    name,
    (dollars[k] as number) * (moves[k] as number),
  ])
  const explained = shares.reduce((sum, [, share]) => sum + share, 0)
  const optionTimeValue = (thetaPerYear * days) / DAYS_PER_YEAR
  const rest = dailyPnl - explained - trades - privateRevaluations - optionTimeValue
  return {
    factors: Object.fromEntries(shares),
    dividends,
    exDividendFall: -dividends,
    trades,
    privateRevaluations,
    optionTimeValue,
    rest,
    restShare: equity > 0 ? rest / equity : null,
  }
}
