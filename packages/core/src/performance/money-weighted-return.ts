import { daysBetween } from '../calendar/index.ts'
import type { IsoDate } from '../calendar/iso-date.ts'

/** Money that the owner paid in (negative) or got or could get out (positive), dollars. */
export interface CashFlow {
  readonly date: IsoDate
  readonly amount: number
}

const DAYS_PER_YEAR = 365
/** Largest logarithm of growth over the whole period that is looked for, up or down. */
const LARGEST_LOG_GROWTH = 50
const HALVINGS = 100

/**
 * Money-weighted return per year: the rate r at which Σ amount ÷ (1 + r)^(days ÷ 365) is 0 (XIRR), by
 * bisection of the logarithm of growth. A portfolio that was never worth less than nothing has exactly one.
 *
 * Missing data: null when there is no time between the first and the last flow, or no such rate.
 *
 * @param flows in order of their dates
 * @example −100 and, 365 days later, 110: 0.10
 */
export function moneyWeightedReturn(flows: readonly CashFlow[]): number | null {
  const [first, last] = [flows[0], flows.at(-1)]
  if (first === undefined || last === undefined) return null
  const span = daysBetween(first.date, last.date)
  if (span <= 0) return null
  const timed = flows.map(({ date, amount }) => ({
    amount,
    share: daysBetween(first.date, date) / span,
  }))
  const value = (logGrowth: number) =>
    timed.reduce((sum, { amount, share }) => sum + amount * Math.exp(-share * logGrowth), 0)

  let [low, high] = [-LARGEST_LOG_GROWTH, LARGEST_LOG_GROWTH]
  if (!(value(low) > 0 && value(high) < 0)) return null
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2
    if (value(middle) > 0) low = middle
    else high = middle
  }
  return Math.expm1((low * DAYS_PER_YEAR) / span)
}
