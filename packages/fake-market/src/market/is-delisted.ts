import type { Market } from './market.ts'
import { newYorkDate } from './new-york.ts'

/** Whether a symbol is no longer traded: from the day after its last. */
export function isDelisted(market: Market, symbol: string, now: number): boolean {
  const delistedOn = market.source.profile?.(symbol)?.delistedOn
  return delistedOn !== undefined && newYorkDate(now) > delistedOn
}
