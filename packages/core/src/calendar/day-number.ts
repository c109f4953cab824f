import { InvalidDateError } from './invalid-date-error.ts'
import type { IsoDate } from './iso-date.ts'

/** Days since 1970-01-01, which was a Thursday. Whole-day arithmetic knows no time zones. */
export type DayNumber = number

/** 0 = Sunday … 6 = Saturday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6

/** Days from 0000-03-01 to 1970-01-01. A year counted from March has its leap day last. */
const MARCH_0000_TO_1970 = 719_468
const DAYS_IN_400_YEARS = 146_097
const DAYS_IN_4_YEARS = 1_461
/** March to July, and again August to December, have 31, 30, 31, 30, 31 days: 153 in five months. */
const DAYS_IN_5_MONTHS = 153

/** The day number of a year, month (1 = January; 13 is January of the next year) and day of the month. */
export function dayNumberOf(year: number, month: number, day: number): DayNumber {
  const monthsFromMarch = 12 * year + month - 3
  const y = Math.floor(monthsFromMarch / 12)
  const m = monthsFromMarch - 12 * y
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  const dayOfYear = Math.floor((DAYS_IN_5_MONTHS * m + 2) / 5) + day - 1
  return 365 * y + leapDays + dayOfYear - MARCH_0000_TO_1970
}

const FIRST_DAY = dayNumberOf(1, 1, 1)
const LAST_DAY = dayNumberOf(9999, 12, 31)

/** The day number of a date that exists. */
export function dayNumber(date: IsoDate): DayNumber {
  const { year, month, day } = partsOf(date)
  return dayNumberOf(year, month, day)
}

/** The year, month (1 = January) and day of the month that a date is written with. */
export function partsOf(date: string): { year: number; month: number; day: number } {
  return {
    year: Number(date.slice(0, 4)),
    month: Number(date.slice(5, 7)),
    day: Number(date.slice(8, 10)),
  }
}

/** How many days a month has (1 = January; 13 is January of the next year). */
export function daysInMonth(year: number, month: number): number {
  return dayNumberOf(year, month + 1, 1) - dayNumberOf(year, month, 1)
}

/**
 * The date of a day number, the inverse of `dayNumberOf`. Throws InvalidDateError before the year 1
 * and after 9999, which four digits cannot name.
 */
export function isoDateOf(day: DayNumber): IsoDate {
  const canBeNamed = day >= FIRST_DAY && day <= LAST_DAY
  if (!canBeNamed) throw new InvalidDateError(`day ${day} from 1970-01-01`)
  const days = day + MARCH_0000_TO_1970
  const century = Math.floor((4 * days + 3) / DAYS_IN_400_YEARS)
  const dayOfCentury = days - Math.floor((DAYS_IN_400_YEARS * century) / 4)
  const yearOfCentury = Math.floor((4 * dayOfCentury + 3) / DAYS_IN_4_YEARS)
  const dayOfYear = dayOfCentury - Math.floor((DAYS_IN_4_YEARS * yearOfCentury) / 4)
  const m = Math.floor((5 * dayOfYear + 2) / DAYS_IN_5_MONTHS)
  const dayOfMonth = dayOfYear - Math.floor((DAYS_IN_5_MONTHS * m + 2) / 5) + 1
  const isAfterDecember = m >= 10
  const year = 100 * century + yearOfCentury + (isAfterDecember ? 1 : 0)
  const month = isAfterDecember ? m - 9 : m + 3
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}` as IsoDate
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

export function weekdayOf(day: DayNumber): Weekday {
  const THURSDAY = 4
  return ((((day + THURSDAY) % 7) + 7) % 7) as Weekday
}

/** The n-th given weekday of a month, n from 1. */
export function nthWeekday(n: number, weekday: Weekday, year: number, month: number): DayNumber {
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
