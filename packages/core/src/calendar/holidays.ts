import {
  dayNumberOf,
  easterSunday,
  lastWeekday,
  nthWeekday,
  weekdayOf,
  type DayNumber,
} from './day-number.ts'
import type { YearlyRule } from './yearly-rule.ts'

const SUNDAY = 0
const MONDAY = 1
const THURSDAY = 4
const SATURDAY = 6

/** A holiday on a Sunday is kept on Monday, one on a Saturday on Friday (NYSE Rule 7.2). */
function observed(year: number, month: number, day: number): DayNumber {
  const date = dayNumberOf(year, month, day)
  switch (weekdayOf(date)) {
    case SUNDAY:
      return date + 1
    case SATURDAY:
      return date - 1
    default:
      return date
  }
}

/**
 * New Year's Day moves from a Sunday to Monday, but not from a Saturday to Friday: that Friday closes
 * the year's books.
 */
function newYearsDay(year: number): DayNumber {
  const day = dayNumberOf(year, 1, 1)
  return weekdayOf(day) === SUNDAY ? day + 1 : day
}

/** The regular holidays of the NYSE since 1990. One whose day off falls on a weekend closes nothing more. */
export const HOLIDAYS: readonly YearlyRule[] = [
  { name: "New Year's Day", fromYear: 1990, dayIn: newYearsDay },
  {
    name: 'Martin Luther King Jr. Day',
    fromYear: 1998,
    dayIn: (year) => nthWeekday(3, MONDAY, year, 1),
  },
  {
    name: "Washington's Birthday",
    fromYear: 1990,
    dayIn: (year) => nthWeekday(3, MONDAY, year, 2),
  },
  { name: 'Good Friday', fromYear: 1990, dayIn: (year) => easterSunday(year) - 2 },
  { name: 'Memorial Day', fromYear: 1990, dayIn: (year) => lastWeekday(MONDAY, year, 5) },
  { name: 'Juneteenth', fromYear: 2022, dayIn: (year) => observed(year, 6, 19) },
  { name: 'Independence Day', fromYear: 1990, dayIn: (year) => observed(year, 7, 4) },
  { name: 'Labor Day', fromYear: 1990, dayIn: (year) => nthWeekday(1, MONDAY, year, 9) },
  { name: 'Thanksgiving', fromYear: 1990, dayIn: (year) => nthWeekday(4, THURSDAY, year, 11) },
  { name: 'Christmas', fromYear: 1990, dayIn: (year) => observed(year, 12, 25) },
]

/** Whole days on which the exchange stayed closed out of turn. */
export const SPECIAL_CLOSURES: Readonly<Record<string, string>> = {
  '1994-04-27': 'funeral of President Nixon',
  '2001-09-11': 'attacks of 11 September',
  '2001-09-12': 'attacks of 11 September',
  '2001-09-13': 'attacks of 11 September',
  '2001-09-14': 'attacks of 11 September',
  '2004-06-11': 'mourning for President Reagan',
  '2007-01-02': 'mourning for President Ford',
  '2012-10-29': 'hurricane Sandy',
  '2012-10-30': 'hurricane Sandy',
  '2018-12-05': 'mourning for President George H. W. Bush',
  '2025-01-09': 'mourning for President Carter',
}
