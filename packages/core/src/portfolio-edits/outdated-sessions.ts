import { countSessions, sessionAt, sessionOnOrAfter } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import { firstTouched } from '../pnl/index.ts'
import type { EditedPortfolio, OutdatedSessions } from './edited-portfolio.ts'

/**
 * Which snapshots rest on a fact of a date: all from the first session it touches through the latest. Null
 * when the portfolio has none that late. A record from inception begins with its earliest lot, so that one
 * entered before the first snapshot asks for earlier ones.
 */
export function outdatedSessions(
  { equityAsOf, isFromInception, snapshots }: EditedPortfolio,
  touched: IsoDate | null,
): OutdatedSessions | null {
  if (touched === null || snapshots === null) return null
  const { first, latest } = snapshots
  const facts = { firstSnapshot: first, initialEquity: 0n as never }
  const record = isFromInception
    ? ({ ...facts, kind: 'from_inception', equityAsOf: equityAsOf ?? first } as const)
    : ({ ...facts, kind: 'snapshots' } as const)
  const isBefore = isFromInception && touched < first
  const from = isBefore ? sessionFrom(touched) : firstTouched(record, touched)
  if (from > latest) return null
  const count = countSessions(from, latest)
  return { from, to: latest, count, fromInception: isFromInception }
}

/** A date before the calendar begins stands for its beginning. */
function sessionFrom(date: IsoDate): SessionDate {
  const beginning = sessionAt(0)
  return date < beginning ? beginning : sessionOnOrAfter(date)
}
