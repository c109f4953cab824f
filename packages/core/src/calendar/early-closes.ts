import { dayNumberOf, nthWeekday, weekdayOf, type DayNumber } from './day-number.ts'
import type { YearlyRule } from './yearly-rule.ts'

const MONDAY = 1
const TUESDAY = 2
const WEDNESDAY = 3
const THURSDAY = 4

/** On a Friday it is the day off for Christmas on Saturday; on a weekend the session before is a full one. */
function christmasEve(year: number): DayNumber | null {
  const day = dayNumberOf(year, 12, 24)
  const weekday = weekdayOf(day)
  return weekday >= MONDAY && weekday <= THURSDAY ? day : null
}

/** 3 July when it falls on one of the given weekdays. */
function thirdOfJuly(year: number, weekdays: readonly number[]): DayNumber | null {
  const day = dayNumberOf(year, 7, 3)
  return weekdays.includes(weekdayOf(day)) ? day : null
}

/** The rules of early closes since 1990. */
export const EARLY_CLOSES: readonly YearlyRule[] = [
  {
    name: 'day after Thanksgiving',
    fromYear: 1992,
    dayIn: (year) => nthWeekday(4, THURSDAY, year, 11) + 1,
  },
  { name: 'Christmas Eve', fromYear: 1990, dayIn: christmasEve },
  {
    // On a Friday it is the day off for Independence Day on Saturday.
    name: '3 July, Monday, Tuesday or Thursday',
    fromYear: 1995,
    dayIn: (year) => thirdOfJuly(year, [MONDAY, TUESDAY, THURSDAY]),
  },
  {
    name: '3 July, Wednesday',
    fromYear: 2013,
    dayIn: (year) => thirdOfJuly(year, [WEDNESDAY]),
  },
  {
    // Before 2013 it was the Friday after Independence Day that ended early, not the Wednesday before.
    name: 'Friday after Independence Day on a Thursday',
    fromYear: 1995,
    toYear: 2012,
    dayIn: (year) => (thirdOfJuly(year, [WEDNESDAY]) === null ? null : dayNumberOf(year, 7, 5)),
  },
]

/** Sessions that ended early out of turn. */
export const SPECIAL_EARLY_CLOSES: Readonly<Record<string, string>> = {
  '1997-12-26': 'Friday after Christmas',
  '1999-12-31': "New Year's Eve of 2000",
  '2003-12-26': 'Friday after Christmas',
}

/** Minutes after midnight, New York time, at which an early session of a year ends: 14:00 until 1992, 13:00 since. */
export function earlyCloseMinutes(year: number): number {
  return (year < 1993 ? 14 : 13) * 60
}
