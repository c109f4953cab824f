import type { DateTime } from 'luxon'
import { parseIsoDate } from './dates.ts'
import type { IsoDate, SessionDate } from './iso-date.ts'
import { dateInNewYork, sessionClose } from './session-times.ts'
import { countSessions, isSession, previousSession } from './sessions.ts'

/**
 * The latest session whose closing prices are settled: `settleMinutes` have passed since its close.
 * It is the one cut-off of all programs.
 *
 * @param now any zone; only the instant counts
 * @example effectiveDate(2025-01-21T09:00 in New York, 30) // 2025-01-17: Monday was a holiday
 */
export function effectiveDate(now: DateTime, settleMinutes: number): SessionDate {
  const today = parseIsoDate(dateInNewYork(now) ?? 'no date')
  if (isSession(today) && now >= sessionClose(today).plus({ minutes: settleMinutes })) return today
  return previousSession(today)
}

/** How old data is, in sessions. */
export interface Staleness {
  readonly sessions: number
  readonly level: 'current' | `stale_${number}d`
  readonly severity: 'ok' | 'warning' | 'critical'
}

/**
 * How many settled sessions data of a date lacks: those after the date, through the effective date.
 *
 * @example Friday's data on Tuesday morning lacks Monday: 1, stale_1d, a warning.
 */
export function staleness(
  dataDate: IsoDate,
  now: DateTime,
  settleMinutes: number,
): Staleness {
  const effective = effectiveDate(now, settleMinutes)
  const own = isSession(dataDate) ? 1 : 0
  const sessions = Math.max(0, countSessions(dataDate, effective) - own)
  if (sessions === 0) return { sessions, level: 'current', severity: 'ok' }
  return { sessions, level: `stale_${sessions}d`, severity: sessions === 1 ? 'warning' : 'critical' }
}
