import type { IsoDate } from '../calendar/iso-date.ts'
import type { Cents, Micros } from './exact/amounts.ts'
import type { StoredRecognition } from './facts.ts'
import type { PriceStatus } from './lots/mark-lot.ts'

/** The running totals of a snapshot, on which the next one builds. */
export interface RunningTotals {
  readonly equityBalance: Cents
  readonly cumulativePnl: Cents
  readonly cumulativeRealizedPnl: Cents
  readonly cumulativeDividends: Cents
  readonly cumulativeCapitalFlow: Cents
}

/** The money columns and counts of a row of `portfolio_snapshots`. */
export interface SnapshotFigures extends RunningTotals {
  readonly netAssetValue: Cents
  /** Equity less net exposure: negative is margin debt, and proceeds of shorts show as cash. */
  readonly cashValue: Cents
  readonly longValue: Cents
  /** At most 0. */
  readonly shortValue: Cents
  readonly grossExposure: Cents
  readonly netExposure: Cents
  readonly dailyPnl: Cents
  /** A fraction; null on the first day and when equity and flow before it are not positive. */
  readonly dailyReturn: number | null
  readonly unrealizedPnl: Cents
  readonly dailyRealizedPnl: Cents
  readonly dailyDividends: Cents
  readonly dailyCapitalFlow: Cents
  /** Open lots. */
  readonly numPositions: number
  readonly numLongPositions: number
  readonly numShortPositions: number
  readonly positionsStale: number
  readonly positionsMissing: number
  /** A mark is missing. */
  readonly isPartial: boolean
}

/** What is stored with a lot. */
export interface LotFigures {
  readonly lotId: string
  readonly isOpen: boolean
  /** Signed, on the share basis of the date, in millionths. */
  readonly openQuantity: Micros
  /** On the share basis of the date. */
  readonly lastPrice: Micros
  /** Null when the price is the entry or recognition price. */
  readonly lastPriceDate: IsoDate | null
  readonly priceStatus: PriceStatus
  readonly marketValue: Cents
  readonly unrealizedPnl: Cents
  /** Of all events through the date, those before recognition included. */
  readonly realizedPnl: Cents
  /** Null = not yet recognised. Equal to what is stored unless newly found. */
  readonly recognition: StoredRecognition | null
  /** A split left no whole contracts: the lot is valued by its last mark. */
  readonly isAdjustedContract: boolean
}

/** A portfolio on a date. */
export interface BookValue {
  readonly snapshot: SnapshotFigures
  /** Every lot entered on or before the date, open or closed, in the order of the book. */
  readonly lots: readonly LotFigures[]
}
