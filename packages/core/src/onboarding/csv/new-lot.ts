import type { IsoDate } from '../../calendar/iso-date.ts'
import type { InvestmentClass, PositionType } from '../../database/tables/portfolio-tables.ts'
import type { Cents, Micros } from '../../pnl/index.ts'
import type { Ticker } from '../../symbols/index.ts'

/** A lot as a row of an upload describes it. */
export interface NewLot {
  /** The row's line in the file. */
  readonly line: number
  /** The OCC symbol of an option; as spelt, in upper case, for PRIVATE. */
  readonly symbol: Ticker
  readonly investmentClass: InvestmentClass
  readonly investmentSubtype: string | null
  readonly positionType: PositionType
  /** Signed, never 0. */
  readonly quantity: Micros
  readonly entryPrice: Micros
  readonly entryDate: IsoDate
  readonly option: NewOption | null
  /** The whole lot was closed. */
  readonly exit: { readonly date: IsoDate; readonly price: Micros } | null
  /** PRIVATE only, signed as the lot. */
  readonly marketValue: Cents | null
}

export interface NewOption {
  readonly underlying: Ticker
  readonly strike: Micros
  readonly expiration: IsoDate
  readonly right: 'C' | 'P'
}
