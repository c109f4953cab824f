import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { Cents, Micros } from './exact/amounts.ts'

/** From when on a portfolio's gains are its own. */
export type PortfolioRecord = SnapshotRecord | InceptionRecord

interface RecordFacts {
  /** r0, the date of the first snapshot; while that one is being made, its date. */
  readonly firstSnapshot: SessionDate
  /** What the user typed. */
  readonly initialEquity: Cents
}

/** The record begins with the first snapshot: what was gained before is in the equity already. */
export interface SnapshotRecord extends RecordFacts {
  readonly kind: 'snapshots'
}

/** Every lot counts from its entry on. The equity the user typed is that of `equityAsOf`. */
export interface InceptionRecord extends RecordFacts {
  readonly kind: 'from_inception'
  readonly equityAsOf: IsoDate
}

/** The facts of one portfolio. The order of lots, events, valuations and flows means nothing. */
export interface Book {
  readonly record: PortfolioRecord
  /** Undeleted lots, open and closed: a closed one still counts in every total. */
  readonly lots: readonly Lot[]
  /** Undeleted flows. */
  readonly flows: readonly Flow[]
}

/** Money that came from outside (positive) or left (negative). */
export interface Flow {
  readonly date: IsoDate
  readonly amount: Cents
}

/** One lot as entered. Quantity and entry price are on the share basis of `quantityBasisDate`. */
export interface Lot {
  readonly id: string
  readonly symbol: Ticker
  readonly investmentClass: 'PUBLIC' | 'OPTIONS' | 'PRIVATE'
  /** Signed, as opened, never 0. */
  readonly quantity: Micros
  readonly entryPrice: Micros
  readonly entryDate: IsoDate
  readonly quantityBasisDate: IsoDate
  /** The underlying of an option contract; null for everything else. */
  readonly underlyingSymbol: Ticker | null
  /** The market value a PRIVATE lot was entered with, signed as the lot; null when it had none. */
  readonly enteredValue: Cents | null
  /** As stored; null has it found anew, for which prices must reach back before the first snapshot. */
  readonly recognition: StoredRecognition | null
  readonly events: readonly RealizedEvent[]
  /** Of PRIVATE lots. */
  readonly valuations: readonly Valuation[]
}

/** From which price, as traded on `date`, a lot's gains belong to the record. */
export interface StoredRecognition {
  readonly date: IsoDate
  readonly price: Micros
}

/** Part or all of a lot closed, on the share basis of the trade date. */
export interface RealizedEvent {
  readonly tradeDate: IsoDate
  /** Unsigned. */
  readonly quantityClosed: Micros
  readonly exitPrice: Micros
  readonly reason: 'trade' | 'expiry' | 'assignment'
}

/** What the owner says a whole lot is worth, signed as the lot. */
export interface Valuation {
  readonly date: IsoDate
  readonly marketValue: Cents
}
