import type { DateTime } from 'luxon'
import { effectiveDate } from './effective-date.ts'
import type { IsoDate } from './iso-date.ts'
import { countSessions, isSession } from './sessions.ts'

/** How old data is, in sessions. */
export interface Staleness {
  readonly sessions: number
  readonly level: 'current' | `stale_${number}d`
  readonly severity: 'ok' | 'warning' | 'critical'
}

/** Data of a date, seen at an instant. */
interface DatedData {
  readonly dataDate: IsoDate
  readonly now: DateTime
  readonly settleMinutes: number
}

/**
 * How many settled sessions data of a date lacks: those after the date, through the effective date.
 * Data newer than the effective date is current. Throws as `effectiveDate` does, and
 * CalendarRangeError when the data is older than the calendar.
 *
 * @example Friday's data on Tuesday morning lacks Monday: 1, stale_1d, a warning.
 */
export function staleness({ dataDate, now, settleMinutes }: DatedData): Staleness {
  const own = isSession(dataDate) ? 1 : 0
  const throughEffective = countSessions(dataDate, effectiveDate(now, settleMinutes))
  const sessions = Math.max(0, throughEffective - own)
  if (sessions === 0) return { sessions, level: 'current', severity: 'ok' }
  return {
    sessions,
    level: `stale_${sessions}d`,
    severity: sessions === 1 ? 'warning' : 'critical',
  }
}
