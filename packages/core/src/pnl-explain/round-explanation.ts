import { centsFromDollars, type Cents } from '../pnl/index.ts'
import type { PnlExplanation } from './explain-pnl.ts'

/** An explanation as it is stored: cents, the lines of which add up to the day's P&L. */
export interface RoundedExplanation {
  readonly dailyPnl: Cents
  readonly factors: readonly (readonly [factor: string, share: Cents])[]
  readonly dividends: Cents
  readonly exDividendFall: Cents
  readonly trades: Cents
  readonly privateRevaluations: Cents
  readonly optionTimeValue: Cents
  /** What the rounded lines leave of the P&L. */
  readonly rest: Cents
}

/**
 * Rounds each line to cents; the rest takes up what rounding leaves.
 *
 * Missing data: null when a line is not finite or larger than a column of money.
 */
export function roundExplanation(
  explanation: PnlExplanation,
  { dailyPnl, dividends }: { readonly dailyPnl: Cents; readonly dividends: Cents },
): RoundedExplanation | null {
  const trades = centsFromDollars(explanation.trades)
  const privateRevaluations = centsFromDollars(explanation.privateRevaluations)
  const optionTimeValue = centsFromDollars(explanation.optionTimeValue)
  if (trades === null || privateRevaluations === null || optionTimeValue === null) return null
  const factors: [string, Cents][] = []
  let rest = dailyPnl - trades - privateRevaluations - optionTimeValue
  for (const [factor, share] of Object.entries(explanation.factors)) {
    const cents = centsFromDollars(share)
    if (cents === null) return null
    factors.push([factor, cents])
    rest -= cents
  }
  return {
    dailyPnl,
    factors,
    dividends,
    exDividendFall: (0n - dividends) as Cents,
    trades,
    privateRevaluations,
    optionTimeValue,
    rest: rest as Cents,
  }
}
