import type { IsoDate } from './iso-date.ts'

/** Days since 1970-01-01, which was a Thursday. Whole-day arithmetic knows no time zones. */
export type DayNumber = number

/** 0 = Sunday … 6 = Saturday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6

const MS_PER_DAY = 86_400_000

/** The day number of a date that exists. */
export function dayNumber(date: IsoDate): DayNumber {
  return Date.parse(date) / MS_PER_DAY
}

/** The day number of a year, month (1 = January) and day of the month. */
export function dayNumberOf(year: number, month: number, day: number): DayNumber {
  return Date.UTC(year, month - 1, day) / MS_PER_DAY
}

/** The date of a day number. */
export function isoDateOf(day: DayNumber): IsoDate {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10) as IsoDate
}

export function weekdayOf(day: DayNumber): Weekday {
  const THURSDAY = 4
  return ((((day + THURSDAY) % 7) + 7) % 7) as Weekday
}

/** The n-th given weekday of a month, n from 1. */
export function nthWeekday(
  n: number,
  weekday: Weekday,
  year: number,
  month: number,
): DayNumber {
  const first = dayNumberOf(year, month, 1)
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1)
}

/** The last given weekday of a month. */
export function lastWeekday(weekday: Weekday, year: number, month: number): DayNumber {
  const last = dayNumberOf(year, month + 1, 1) - 1
  return last - ((weekdayOf(last) - weekday + 7) % 7)
}

/**
 * Easter Sunday in the Gregorian calendar, by the anonymous computus (Meeus, Astronomical Algorithms,
 * ch. 8).
 *
 * @example easterSunday(2025) // 2025-04-20
 */
export function easterSunday(year: number): DayNumber {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  const day = ((h + l - 7 * m + 114) % 31) + 1
  return dayNumberOf(year, month, day)
}
