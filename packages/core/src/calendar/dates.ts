import { dayNumber, dayNumberOf, daysInMonth, isoDateOf, partsOf } from './day-number.ts'
import { InvalidDateError } from './invalid-date-error.ts'
import type { IsoDate } from './iso-date.ts'

/** Whether a text is a date that exists, written `YYYY-MM-DD`, from the year 0001. */
export function isIsoDate(text: string): text is IsoDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const { year, month, day } = partsOf(text)
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

/** The date that a text names. Throws InvalidDateError. */
export function parseIsoDate(text: string): IsoDate {
  if (!isIsoDate(text)) throw new InvalidDateError(text)
  return text
}

/** The date `days` later (earlier when negative). Throws InvalidDateError outside 0001 to 9999. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return isoDateOf(dayNumber(date) + days)
}

/**
 * The same day `months` later (earlier when negative), or the month's last day when it is shorter.
 * Throws InvalidDateError outside 0001 to 9999.
 *
 * @example addMonths('2025-03-31', -1) // 2025-02-28
 */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const { year, month, day } = partsOf(date)
  const lastDay = daysInMonth(year, month + months)
  return isoDateOf(dayNumberOf(year, month + months, Math.min(day, lastDay)))
}

/**
 * Calendar days from one date to another, negative when `to` is the earlier.
 *
 * @example daysBetween('2025-02-28', '2025-03-01') // 1
 */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(to) - dayNumber(from)
}
