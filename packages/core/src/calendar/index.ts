export type { IsoDate, SessionDate } from './iso-date.ts'
export { addDays, addMonths, InvalidDateError, isIsoDate, parseIsoDate } from './dates.ts'
export { effectiveDate, staleness, type Staleness } from './effective-date.ts'
export { CalendarRangeError } from './session-table.ts'
export { isEarlyClose, sessionClose, sessionOpen } from './session-times.ts'
export {
  countSessions,
  isSession,
  nearestSession,
  nextSession,
  previousSession,
  sessionAt,
  sessionIndex,
  sessionOnOrAfter,
  sessionOnOrBefore,
  sessionsBack,
  sessionsBetween,
} from './sessions.ts'
