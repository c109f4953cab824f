import type { PriceStatus } from '../database/tables/portfolio-tables.ts'

/** Whether there are prices for a position: there are, they are being fetched, or there are none. */
export type DataStatus = 'available' | 'pending' | 'unavailable'

/**
 * @param status what the latest snapshot says of the position; null = none has valued it yet
 * @param isPending its symbol is being onboarded
 * @param hasFailed no provider had a price when asked last
 */
export function dataStatusOf(
  status: PriceStatus | null,
  { isPending, hasFailed }: { readonly isPending: boolean; readonly hasFailed: boolean },
): DataStatus {
  if (status === 'current' || status === 'stale' || status === 'manual') return 'available'
  if (isPending) return 'pending'
  if (status === null && !hasFailed) return 'pending'
  return 'unavailable'
}
