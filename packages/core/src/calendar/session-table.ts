import { SigmaSightError } from '../errors/index.ts'
import { dayNumber, dayNumberOf, isoDateOf, weekdayOf, type DayNumber } from './day-number.ts'
import { EARLY_CLOSES, SPECIAL_EARLY_CLOSES } from './early-closes.ts'
import { HOLIDAYS, SPECIAL_CLOSURES } from './holidays.ts'
import type { IsoDate, SessionDate } from './iso-date.ts'

const FIRST_YEAR = 1990
const LAST_YEAR = 2050
const SUNDAY = 0
const SATURDAY = 6

/** A date outside the years whose sessions are known. */
export class CalendarRangeError extends SigmaSightError {
  readonly kind = 'calendar_range'

  constructor(date: string) {
    super(`${date} is outside the calendar, which knows the sessions of ${FIRST_YEAR} to ${LAST_YEAR}`)
  }
}

/** All sessions, and for every day how many sessions come before it. */
export interface SessionTable {
  readonly sessions: readonly SessionDate[]
  readonly earlyCloses: ReadonlySet<SessionDate>
  /** Entry i: the number of sessions before day `firstDay + i`; one entry more than days. */
  readonly sessionsBefore: Int32Array
  readonly firstDay: DayNumber
}

let table: SessionTable | undefined

/** The table, built at first use. */
export function sessionTable(): SessionTable {
  table ??= buildTable()
  return table
}

/** How many sessions come before a date. Throws CalendarRangeError. */
export function sessionsBefore(date: IsoDate): number {
  const { sessionsBefore: counts, firstDay } = sessionTable()
  const count = counts[dayNumber(date) - firstDay]
  if (count === undefined) throw new CalendarRangeError(date)
  return count
}

function buildTable(): SessionTable {
  const closed = new Set<DayNumber>([...specialDays(SPECIAL_CLOSURES), ...holidays()])
  const firstDay = dayNumberOf(FIRST_YEAR, 1, 1)
  const dayCount = dayNumberOf(LAST_YEAR + 1, 1, 1) - firstDay
  const counts = new Int32Array(dayCount + 1)
  const sessions: SessionDate[] = []
  for (let i = 0; i < dayCount; i++) {
    counts[i] = sessions.length
    const weekday = weekdayOf(firstDay + i)
    if (weekday === SATURDAY || weekday === SUNDAY || closed.has(firstDay + i)) continue
    sessions.push(isoDateOf(firstDay + i) as SessionDate)
  }
  counts[dayCount] = sessions.length
  const early = new Set([...specialDays(SPECIAL_EARLY_CLOSES), ...earlyCloses()].map(isoDateOf))
  const earlySessions = sessions.filter((session) => early.has(session))
  return {
    sessions,
    earlyCloses: new Set(earlySessions),
    sessionsBefore: counts,
    firstDay,
  }
}

function* holidays(): Iterable<DayNumber> {
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    for (const { fromYear, dayIn } of HOLIDAYS) {
      const day = year < fromYear ? null : dayIn(year)
      if (day !== null) yield day
    }
  }
}

function* earlyCloses(): Iterable<DayNumber> {
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    for (const { dayIn } of EARLY_CLOSES) {
      const day = dayIn(year)
      if (day !== null) yield day
    }
  }
}

function specialDays(days: Readonly<Record<string, string>>): readonly DayNumber[] {
  return Object.keys(days).map((date) => dayNumber(date as IsoDate))
}
