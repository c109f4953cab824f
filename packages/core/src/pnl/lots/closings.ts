import type { IsoDate } from '../../calendar/iso-date.ts'
import { microsOf } from '../exact/amounts.ts'
import { dividedBy, minus, times, whole, type Fraction } from '../exact/fraction.ts'
import type { Lot, RealizedEvent } from '../facts.ts'
import { splitFactor, type Split } from '../prices/splits.ts'

/** A realized event carried to the lot's own share basis. */
export interface Closing {
  readonly date: IsoDate
  /** Millionths of a share, signed as the lot. */
  readonly quantity: Fraction
  /** Millionths of a dollar. */
  readonly exitPrice: Fraction
}

const NONE: readonly Closing[] = []

/**
 * A lot's realized events on its own share basis, in order of date.
 *
 * A third of a share is sold as 0.333333. A closing that leaves less than half a millionth of a share
 * therefore closes the rest as well, at its own price: the lot is closed, and no gain is lost.
 */
export function closingsOf(lot: Lot, splits: readonly Split[]): readonly Closing[] {
  if (lot.events.length === 0) return NONE
  let open = whole(lot.quantity)
  return lot.events.toSorted(byDate).map((event) => {
    const factor = splitFactor(splits, lot.quantityBasisDate, event.tradeDate)
    const signed = whole(lot.quantity < 0n ? 0n - event.quantityClosed : event.quantityClosed)
    let quantity = dividedBy(signed, factor)
    const left = minus(open, quantity)
    const isDust = left.n !== 0n && microsOf(times(left, factor)) === 0n
    if (isDust) quantity = open
    open = minus(open, quantity)
    return {
      date: event.tradeDate,
      quantity,
      exitPrice: times(whole(event.exitPrice), factor),
    }
  })
}

/** What is open at the end of a date, signed, on the lot's own share basis. */
export function openThrough(lot: Lot, closings: readonly Closing[], date: IsoDate): Fraction {
  let open = whole(lot.quantity)
  for (const closing of closings) {
    if (closing.date <= date) open = minus(open, closing.quantity)
  }
  return open
}

/** What was open before a date began, signed, on the lot's own share basis. */
export function openBefore(lot: Lot, closings: readonly Closing[], date: IsoDate): Fraction {
  let open = whole(lot.quantity)
  for (const closing of closings) {
    if (closing.date < date) open = minus(open, closing.quantity)
  }
  return open
}

/** Events of one day have no order of their own; price and quantity give them one that never varies. */
function byDate(a: RealizedEvent, b: RealizedEvent): number {
  if (a.tradeDate !== b.tradeDate) return a.tradeDate < b.tradeDate ? -1 : 1
  return Number(a.exitPrice - b.exitPrice) || Number(a.quantityClosed - b.quantityClosed)
}
