import { dayNumber } from './day-number.ts'
import type { IsoDate, SessionDate } from './iso-date.ts'
import { CalendarRangeError, sessionsBefore, sessionTable } from './session-table.ts'

/** Whether the NYSE trades on a date. Throws CalendarRangeError outside 1990 to 2050, as all here do. */
export function isSession(date: IsoDate): date is SessionDate {
  return sessionTable().sessions[sessionsBefore(date)] === date
}

/** The session at an ordinal of the calendar; 0 is its first. */
export function sessionAt(index: number): SessionDate {
  const session = sessionTable().sessions[index]
  if (session === undefined) throw new CalendarRangeError(`session number ${index}`)
  return session
}

/** The ordinal of a session; neighbours differ by one. */
export function sessionIndex(session: SessionDate): number {
  return sessionsBefore(session)
}

/** The last session on or before a date. */
export function sessionOnOrBefore(date: IsoDate): SessionDate {
  return isSession(date) ? date : previousSession(date)
}

/** The first session on or after a date. */
export function sessionOnOrAfter(date: IsoDate): SessionDate {
  return atOrRangeError(sessionsBefore(date), date)
}

/** The last session strictly before a date. */
export function previousSession(date: IsoDate): SessionDate {
  return atOrRangeError(sessionsBefore(date) - 1, date)
}

/** The first session strictly after a date. */
export function nextSession(date: IsoDate): SessionDate {
  return atOrRangeError(sessionsBefore(date) + (isSession(date) ? 1 : 0), date)
}

/** The session closest to a date, the earlier of two equally close ones. */
export function nearestSession(date: IsoDate): SessionDate {
  const before = sessionOnOrBefore(date)
  const after = sessionOnOrAfter(date)
  const day = dayNumber(date)
  return day - dayNumber(before) <= dayNumber(after) - day ? before : after
}

/** The sessions of a range, both ends included; none when `from` is after `to`. */
export function sessionsBetween(from: IsoDate, to: IsoDate): readonly SessionDate[] {
  const first = sessionsBefore(from)
  return sessionTable().sessions.slice(first, first + countSessions(from, to))
}

/** How many sessions a range has, both ends included. */
export function countSessions(from: IsoDate, to: IsoDate): number {
  return Math.max(0, sessionsBefore(to) + (isSession(to) ? 1 : 0) - sessionsBefore(from))
}

/** The session `n` sessions earlier; 0 is the session itself. */
export function sessionsBack(session: SessionDate, n: number): SessionDate {
  return atOrRangeError(sessionsBefore(session) - n, session)
}

function atOrRangeError(index: number, date: string): SessionDate {
  const session = sessionTable().sessions[index]
  if (session === undefined) throw new CalendarRangeError(date)
  return session
}
