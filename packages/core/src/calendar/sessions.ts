import { CalendarRangeError } from './calendar-range-error.ts'
import { daysBetween } from './dates.ts'
import type { IsoDate, SessionDate } from './iso-date.ts'
import { sessionsBefore, sessionTable } from './session-table.ts'

/** Whether the NYSE trades on a date. Throws CalendarRangeError outside 1990 to 2050, as all here do. */
export function isSession(date: IsoDate): date is SessionDate {
  return sessionTable().sessions[sessionsBefore(date)] === date
}

/** The session at an ordinal of the calendar; 0 is its first. */
export function sessionAt(index: number): SessionDate {
  return atOrRangeError(index, `session number ${index}`)
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
  return atOrRangeError(sessionsBefore(date), `the session on or after ${date}`)
}

/** The last session strictly before a date. */
export function previousSession(date: IsoDate): SessionDate {
  return atOrRangeError(sessionsBefore(date) - 1, `the session before ${date}`)
}

/** The first session strictly after a date. */
export function nextSession(date: IsoDate): SessionDate {
  return atOrRangeError(sessionsThrough(date), `the session after ${date}`)
}

/** The session closest to a date of the calendar, the earlier of two equally close ones. */
export function nearestSession(date: IsoDate): SessionDate {
  const { sessions } = sessionTable()
  const before = sessions[sessionsThrough(date) - 1]
  const after = sessions[sessionsBefore(date)]
  if (before === undefined) return sessionOnOrAfter(date)
  if (after === undefined) return before
  return daysBetween(before, date) <= daysBetween(date, after) ? before : after
}

/** The sessions of a range, both ends included; none when `from` is after `to`. */
export function sessionsBetween(from: IsoDate, to: IsoDate): readonly SessionDate[] {
  const first = sessionsBefore(from)
  return sessionTable().sessions.slice(first, first + countSessions(from, to))
}

/** How many sessions a range has, both ends included. */
export function countSessions(from: IsoDate, to: IsoDate): number {
  return Math.max(0, sessionsThrough(to) - sessionsBefore(from))
}

/** The session `n` sessions earlier; 0 is the session itself. */
export function sessionsBack(session: SessionDate, n: number): SessionDate {
  return atOrRangeError(sessionIndex(session) - n, `the session ${n} before ${session}`)
}

/** How many sessions there are up to a date, itself included. */
function sessionsThrough(date: IsoDate): number {
  return sessionsBefore(date) + (isSession(date) ? 1 : 0)
}

function atOrRangeError(index: number, wanted: string): SessionDate {
  const session = sessionTable().sessions[index]
  if (session === undefined) throw new CalendarRangeError(wanted)
  return session
}
