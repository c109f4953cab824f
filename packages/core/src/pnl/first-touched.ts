import { sessionOnOrAfter } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { PortfolioRecord } from './facts.ts'

/**
 * The earliest snapshot that a changed fact touches: a flow, event, valuation or price of its own date, a lot
 * of its entry date.
 *
 * A record from inception is anchored to what the user typed for `equity_as_of`; a change on or before that
 * date moves the opening equity and with it every snapshot.
 */
export function firstTouched(record: PortfolioRecord, date: IsoDate): SessionDate {
  const movesAnchor = record.kind === 'from_inception' && date <= record.equityAsOf
  if (movesAnchor || date <= record.firstSnapshot) return record.firstSnapshot
  return sessionOnOrAfter(date)
}
