import { sessionIndex, sessionOnOrBefore } from '../../calendar/index.ts'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import { trillionthsOf } from '../exact/amounts.ts'
import { dividedBy, fraction, times, whole, type Fraction } from '../exact/fraction.ts'
import type { Lot, Valuation } from '../facts.ts'
import { splitFactor } from '../prices/splits.ts'
import type { SymbolHistory } from '../prices/symbol-history.ts'

export type PriceStatus = 'current' | 'stale' | 'missing' | 'manual'

/** The price that values a lot on a date. */
export interface Mark {
  /** Millionths of a dollar per share or contract unit, on the lot's own share basis. */
  readonly price: Fraction
  /** The date of the close or valuation it comes from; null when it comes from neither. */
  readonly date: IsoDate | null
  readonly status: PriceStatus
}

/** A close that many sessions old still counts as a price. */
const STALE_SESSIONS = 5

/**
 * The mark of a PUBLIC or OPTIONS lot: the close of the date, else the latest earlier close restated by
 * the splits in between, `stale` when at most five sessions old and `missing` when older. Null when
 * there is no close at all.
 */
export function marketMark(lot: Lot, history: SymbolHistory, date: IsoDate): Mark | null {
  const close = history.closeOnOrBefore(date)
  if (close === null) return null
  const factor = splitFactor(history.splits, lot.quantityBasisDate, close.date)
  return {
    // A share of the lot's basis is `factor` shares of the close's day.
    price: times(whole(close.price), factor),
    date: close.date,
    status: close.date === date ? 'current' : statusByAge(close.date, date),
  }
}

/**
 * The mark of a PRIVATE lot: the latest valuation not after the date divided by the quantity, else the
 * market value it was entered with divided by the quantity, else its entry price.
 */
export function manualMark(lot: Lot, date: IsoDate): Mark {
  let latest: Valuation | null = null
  for (const valuation of lot.valuations) {
    if (valuation.date <= date && (latest === null || valuation.date > latest.date))
      latest = valuation
  }
  const value = latest?.marketValue ?? lot.enteredValue
  const price =
    value === null ? whole(lot.entryPrice) : fraction(trillionthsOf(value), lot.quantity)
  return { price, date: latest?.date ?? null, status: 'manual' }
}

/** A price on the lot's own share basis, on that of a date. */
export function priceOn(
  lot: Lot,
  history: SymbolHistory,
  at: { price: Fraction; date: IsoDate },
): Fraction {
  return dividedBy(at.price, splitFactor(history.splits, lot.quantityBasisDate, at.date))
}

function statusByAge(closeDate: SessionDate, date: IsoDate): PriceStatus {
  const age = sessionIndex(sessionOnOrBefore(date)) - sessionIndex(closeDate)
  return age <= STALE_SESSIONS ? 'stale' : 'missing'
}
