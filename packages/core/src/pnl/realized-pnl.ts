import { centsOf, type Cents } from './exact/amounts.ts'
import { minus, times, whole } from './exact/fraction.ts'
import type { Lot, RealizedEvent } from './facts.ts'
import { lotHistory, multiplierOf } from './lots/lot-history.ts'
import { priceOn } from './lots/mark-lot.ts'
import type { PriceSource } from './prices/symbol-history.ts'

/**
 * `realized_pnl` of one event: multiplier · quantity closed · (exit price − entry price), the entry price
 * on the share basis of the trade date, signed by side: a short gains when it is covered below its entry.
 *
 * @example a short of 100 entered at 50, 40 of it covered at 44.50: 40 · (50 − 44.50) = 220.00
 */
export function realizedPnl(lot: Lot, event: RealizedEvent, prices: PriceSource): Cents {
  const history = lotHistory(lot, prices)
  const entry = priceOn(lot, history, { price: whole(lot.entryPrice), date: event.tradeDate })
  const closed = whole(lot.quantity < 0n ? 0n - event.quantityClosed : event.quantityClosed)
  const gain = minus(whole(event.exitPrice), entry)
  return centsOf(times(multiplierOf(lot), times(closed, gain)))
}
