import { dayNumberOf, nthWeekday, weekdayOf, type DayNumber } from './day-number.ts'

/** A rule by which some sessions end early. */
export interface EarlyClose {
  readonly name: string
  /** The session that ends early in a year; null when the year has none. */
  readonly dayIn: (year: number) => DayNumber | null
}

const MONDAY = 1
const TUESDAY = 2
const WEDNESDAY = 3
const THURSDAY = 4

/** Since 1992. */
function dayAfterThanksgiving(year: number): DayNumber | null {
  return year < 1992 ? null : nthWeekday(4, THURSDAY, year, 11) + 1
}

/** When Christmas Eve is a Friday it is the day off for Christmas on Saturday. */
function christmasEve(year: number): DayNumber | null {
  const day = dayNumberOf(year, 12, 24)
  const weekday = weekdayOf(day)
  return weekday >= MONDAY && weekday <= THURSDAY ? day : null
}

/**
 * Since 1995 the session before Independence Day ends early, unless it is a Friday. While the Fourth
 * was a Thursday it was the Friday after it that ended early, until 2012.
 */
function independenceDay(year: number): DayNumber | null {
  if (year < 1995) return null
  const eve = dayNumberOf(year, 7, 3)
  switch (weekdayOf(eve)) {
    case MONDAY:
    case TUESDAY:
    case THURSDAY:
      return eve
    case WEDNESDAY:
      return year < 2013 ? eve + 2 : eve
    default:
      return null
  }
}

/** The rules of early closes since 1990. */
export const EARLY_CLOSES: readonly EarlyClose[] = [
  { name: 'day after Thanksgiving', dayIn: dayAfterThanksgiving },
  { name: 'Christmas Eve', dayIn: christmasEve },
  { name: 'around Independence Day', dayIn: independenceDay },
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
