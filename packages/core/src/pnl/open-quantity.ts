import type { IsoDate } from '../calendar/iso-date.ts'
import { microsOf, type Micros } from './exact/amounts.ts'
import { times } from './exact/fraction.ts'
import type { Lot } from './facts.ts'
import { closingsOf, openThrough } from './lots/closings.ts'
import { lotHistory } from './lots/lot-history.ts'
import type { PriceSource } from './prices/symbol-history.ts'
import { splitFactor } from './prices/splits.ts'

/**
 * What is open of a lot at the end of a date, signed, on that date's share basis: its quantity times the
 * splits since, less what was closed, rounded to millionths.
 *
 * @example 10 shares, a 2:1 split, 5 sold after it: 15
 */
export function openQuantity(lot: Lot, date: IsoDate, prices: PriceSource): Micros {
  const { splits } = lotHistory(lot, prices)
  const open = openThrough(lot, closingsOf(lot, splits), date)
  return microsOf(times(open, splitFactor(splits, lot.quantityBasisDate, date)))
}
