import type { IsoDate } from '../../calendar/iso-date.ts'
import { microsOf, type Micros } from '../exact/amounts.ts'
import { times, whole, type Fraction } from '../exact/fraction.ts'
import type { Lot, PortfolioRecord, StoredRecognition } from '../facts.ts'
import { splitFactor } from '../prices/splits.ts'
import type { Close, SymbolHistory } from '../prices/symbol-history.ts'
import { manualMark, priceOn } from './mark-lot.ts'

/** From which price, and after which date, a lot's gains count. */
export interface Recognition {
  /** p, millionths of a dollar on the lot's own share basis. */
  readonly price: Fraction
  /** r: dividends count with an ex-date after it. */
  readonly date: IsoDate
  /** A lot recognised at its entry price also counts what was closed on the entry day itself. */
  readonly isAtEntry: boolean
  /** What positions.recognition_date and recognition_price hold. */
  readonly stored: StoredRecognition
}

/** The lot's facts seen through the prices known of it. */
export interface RecognitionQuery {
  readonly record: PortfolioRecord
  readonly history: SymbolHistory
  /** Nothing after this date is known. */
  readonly date: IsoDate
}

/**
 * Finds a lot's recognition (chapter 50).
 *
 * - entered after the first snapshot, or the record is from inception: at the entry price on the entry date
 * - otherwise at its mark of the first snapshot
 * - otherwise, without any close by then: at its first close after it
 *
 * A stored recognition is taken where prices would have to be asked; what follows from the lot and the
 * record alone is always derived, because it is exact and the stored price is rounded.
 *
 * Missing data: null as long as the lot has no close, which means that it gains nothing yet.
 */
export function recogniseLot(lot: Lot, query: RecognitionQuery): Recognition | null {
  const { record, history } = query
  if (record.kind === 'from_inception' || lot.entryDate > record.firstSnapshot) {
    return atEntry(lot, history)
  }
  const first = record.firstSnapshot
  if (lot.investmentClass === 'PRIVATE') {
    const { price } = manualMark(lot, first)
    return { price, date: first, isAtEntry: false, stored: { date: first, price: microsOf(price) } }
  }
  if (lot.recognition !== null) return fromStored(lot, lot.recognition, query)
  const close = history.closeOnOrBefore(first)
  if (close !== null) return fromStored(lot, restated(close, query), query)
  const firstClose = history.firstCloseAfter(first)
  return firstClose === null ? null : fromStored(lot, firstClose, query)
}

function atEntry(lot: Lot, history: SymbolHistory): Recognition {
  const price = whole(lot.entryPrice)
  const asTraded = priceOn(lot, history, { price, date: lot.entryDate })
  return {
    price,
    date: lot.entryDate,
    isAtEntry: true,
    stored: { date: lot.entryDate, price: microsOf(asTraded) },
  }
}

function fromStored(
  lot: Lot,
  stored: StoredRecognition,
  { record, history, date }: RecognitionQuery,
): Recognition | null {
  if (stored.date > date) return null
  return {
    price: times(
      whole(stored.price),
      splitFactor(history.splits, lot.quantityBasisDate, stored.date),
    ),
    date: stored.date > record.firstSnapshot ? stored.date : record.firstSnapshot,
    isAtEntry: false,
    stored: { date: stored.date, price: stored.price },
  }
}

/**
 * The mark of the first snapshot as it is stored: as of that date, or, where a split since the close
 * leaves a quotient that six decimals cannot hold, the close itself with its own date. A rounded price
 * would give the first day a gain that is none.
 */
function restated(close: Close, { record, history }: RecognitionQuery): StoredRecognition {
  const { n, d } = splitFactor(history.splits, record.firstSnapshot, close.date)
  const price = close.price * n
  if (price % d !== 0n) return close
  return { date: record.firstSnapshot, price: (price / d) as Micros }
}
