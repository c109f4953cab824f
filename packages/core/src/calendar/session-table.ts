import { CalendarRangeError, FIRST_YEAR, LAST_YEAR } from './calendar-range-error.ts'
import { isoDateOf, dayNumber, dayNumberOf, weekdayOf, type DayNumber } from './day-number.ts'
import { EARLY_CLOSES, SPECIAL_EARLY_CLOSES } from './early-closes.ts'
import { HOLIDAYS, SPECIAL_CLOSURES } from './holidays.ts'
import type { IsoDate, SessionDate } from './iso-date.ts'
import type { YearlyRule } from './yearly-rule.ts'

const SUNDAY = 0
const SATURDAY = 6

/** All sessions, and for every day how many sessions come before it. */
export interface SessionTable {
  readonly sessions: readonly SessionDate[]
  readonly earlyCloses: ReadonlySet<DayNumber>
  /** Entry i: the number of sessions before day `firstDay + i`. */
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
  const closed = daysOf(HOLIDAYS, SPECIAL_CLOSURES)
  const firstDay = dayNumberOf(FIRST_YEAR, 1, 1)
  const counts = new Int32Array(dayNumberOf(LAST_YEAR + 1, 1, 1) - firstDay)
  const sessions: SessionDate[] = []
  for (let i = 0; i < counts.length; i++) {
    counts[i] = sessions.length
    const weekday = weekdayOf(firstDay + i)
    if (weekday === SATURDAY || weekday === SUNDAY || closed.has(firstDay + i)) continue
    sessions.push(isoDateOf(firstDay + i) as SessionDate)
  }
  const earlyCloses = daysOf(EARLY_CLOSES, SPECIAL_EARLY_CLOSES)
  return { sessions, earlyCloses, sessionsBefore: counts, firstDay }
}

/** The days that rules give in the years they hold for, and the special days. */
function daysOf(
  rules: readonly YearlyRule[],
  specialDays: Readonly<Record<string, string>>,
): ReadonlySet<DayNumber> {
  const days = new Set(Object.keys(specialDays).map((date) => dayNumber(date as IsoDate)))
  for (const { fromYear, toYear, dayIn } of rules) {
    const last = Math.min(toYear ?? LAST_YEAR, LAST_YEAR)
    for (let year = Math.max(fromYear, FIRST_YEAR); year <= last; year++) {
      const day = dayIn(year)
      if (day !== null) days.add(day)
    }
  }
  return days
}
