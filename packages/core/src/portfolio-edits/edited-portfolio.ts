import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'

/** What an edit needs to know of the portfolio whose row it holds. */
export interface EditedPortfolio {
  readonly portfolioId: string
  readonly initialEquity: string
  readonly equityAsOf: IsoDate | null
  readonly isFromInception: boolean
  /** The first and the latest session that has, or is about to get back, a snapshot; null before the first. */
  readonly snapshots: { readonly first: SessionDate; readonly latest: SessionDate } | null
}

/** What an edit did. */
export interface Edit<T> {
  readonly value: T
  /** The earliest date that a changed fact belongs to; null when no figure rests on what was changed. */
  readonly touched: IsoDate | null
}

/** Sessions whose snapshots an edit put out of date. */
export interface OutdatedSessions {
  readonly from: SessionDate
  readonly to: SessionDate
  /** Sessions of the range. */
  readonly count: number
  /** Every lot is to be recognised anew, and snapshots begin with the earliest. */
  readonly fromInception: boolean
}
