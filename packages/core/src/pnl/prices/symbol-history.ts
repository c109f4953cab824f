import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Micros } from '../exact/amounts.ts'
import type { Split } from './splits.ts'

/** A close as traded: on the share basis of its date. */
export interface Close {
  readonly date: SessionDate
  readonly price: Micros
}

/** Cash per share going ex, on the share basis of the ex-date. */
export interface Dividend {
  readonly exDate: IsoDate
  readonly perShare: Micros
  /** This dividend and all earlier ones added up as paid, whatever splits lie between. */
  readonly paidThrough: bigint
}

/** What is known of the prices of one symbol. Both lists are in order of their ex-dates. */
export interface SymbolHistory {
  readonly splits: readonly Split[]
  readonly dividends: readonly Dividend[]
  /** The close of a date or else the latest earlier one; null when there is none. */
  closeOnOrBefore(date: IsoDate): Close | null
  /** The earliest close after a date; null when there is none. */
  firstCloseAfter(date: IsoDate): Close | null
}

/** What prices are known, by symbol as stored. A symbol that was never heard of has an empty history. */
export type PriceSource = (symbol: string) => SymbolHistory

/** The history of what has no market: private holdings, unknown symbols. */
export const NO_HISTORY: SymbolHistory = {
  splits: [],
  dividends: [],
  closeOnOrBefore: () => null,
  firstCloseAfter: () => null,
}
