import type { DateTime } from 'luxon'
import type { SessionDate } from './iso-date.ts'
import { dateInNewYork, sessionClose } from './session-times.ts'
import { previousSession, sessionOnOrBefore } from './sessions.ts'

/**
 * The latest session whose closing prices are settled: `settleMinutes` have passed since its close.
 * It is the one cut-off of all programs.
 *
 * @param now any zone; only the instant counts. Throws InvalidDateError when it is no instant,
 *   CalendarRangeError when no session the calendar knows has settled by then.
 * @example effectiveDate(2025-01-21T09:00 in New York, 30) // 2025-01-17: Monday was a holiday
 */
export function effectiveDate(now: DateTime, settleMinutes: number): SessionDate {
  let session = sessionOnOrBefore(dateInNewYork(now))
  // More than one step back when prices settle after midnight.
  while (now < sessionClose(session).plus({ minutes: settleMinutes })) {
    session = previousSession(session)
  }
  return session
}
