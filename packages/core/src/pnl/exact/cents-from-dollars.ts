import type { Cents } from './amounts.ts'

/** What a column of `numeric(18,2)` holds, in dollars. */
const LIMIT = 1e16

/**
 * A statistic in dollars as an amount that can be stored: rounded to cents, half away from zero. Null for
 * what is not finite or too large for a column.
 */
export function centsFromDollars(dollars: number): Cents | null {
  if (!(Math.abs(dollars) < LIMIT)) return null
  return BigInt(Math.sign(dollars) * Math.round(Math.abs(dollars) * 100)) as Cents
}
