import type { ExposureLot } from '../exposures/exposure-book.ts'
import type { Cents } from '../pnl/index.ts'

/**
 * The most that an unlevered long-only book can lose to the market, in dollars: the market value of its
 * PUBLIC and OPTIONS lots. Null for any other book: with a short, or with lots worth more than equity, a
 * loss has no such limit.
 *
 * @param lots the open ones
 */
export function lossLimit(
  lots: readonly Pick<ExposureLot, 'investmentClass' | 'marketValue'>[],
  equity: Cents,
): number | null {
  const total = lots.reduce((sum, { marketValue }) => sum + marketValue, 0n)
  if (total > equity || lots.some(({ marketValue }) => marketValue < 0n)) return null
  const listed = lots.filter(({ investmentClass }) => investmentClass !== 'PRIVATE')
  return Number(listed.reduce((sum, { marketValue }) => sum + marketValue, 0n)) / 100
}
