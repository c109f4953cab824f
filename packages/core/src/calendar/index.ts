export type { IsoDate, SessionDate } from './iso-date.ts'
export { CalendarRangeError } from './calendar-range-error.ts'
export { addDays, addMonths, daysBetween, isIsoDate, parseIsoDate } from './dates.ts'
export { effectiveDate } from './effective-date.ts'
export { InvalidDateError } from './invalid-date-error.ts'
export { staleness, type Staleness } from './staleness.ts'
export { dateInNewYork, isEarlyClose, sessionClose, sessionOpen } from './session-times.ts'
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
