import { DateTime } from 'luxon'
import { dayNumber, partsOf } from './day-number.ts'
import { earlyCloseMinutes } from './early-closes.ts'
import { parseIsoDate } from './dates.ts'
import type { IsoDate, SessionDate } from './iso-date.ts'
import { sessionTable } from './session-table.ts'

const ZONE = 'America/New_York'
const OPEN_MINUTES = 9 * 60 + 30
const CLOSE_MINUTES = 16 * 60

/** Whether a session ends before 16:00. */
export function isEarlyClose(session: SessionDate): boolean {
  return sessionTable().earlyCloses.has(dayNumber(session))
}

/** The instant a session opens: 09:30 in New York. */
export function sessionOpen(session: SessionDate): DateTime<true> {
  return atMinutes(session, OPEN_MINUTES)
}

/** The instant a session closes: 16:00 in New York, or its early close. */
export function sessionClose(session: SessionDate): DateTime<true> {
  const { year } = partsOf(session)
  return atMinutes(session, isEarlyClose(session) ? earlyCloseMinutes(year) : CLOSE_MINUTES)
}

function atMinutes(session: SessionDate, minutes: number): DateTime<true> {
  const time = { hour: Math.floor(minutes / 60), minute: minutes % 60 }
  const instant = DateTime.fromObject({ ...partsOf(session), ...time }, { zone: ZONE })
  if (!instant.isValid) throw new Error(`no instant for ${session}: ${instant.invalidReason}`)
  return instant
}

/** The date that an instant has in New York. Throws InvalidDateError when the instant is none. */
export function dateInNewYork(instant: DateTime): IsoDate {
  return parseIsoDate(instant.setZone(ZONE).toISODate() ?? instant.toString())
}
