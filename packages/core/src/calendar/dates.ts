import { SigmaSightError } from '../errors/index.ts'
import { dayNumber, isoDateOf } from './day-number.ts'
import type { IsoDate } from './iso-date.ts'

/** A text that is not a date, or a day that does not exist. */
export class InvalidDateError extends SigmaSightError {
  readonly kind = 'invalid_date'

  constructor(text: string) {
    super(`"${text}" is not a date: expected YYYY-MM-DD, a day that exists`)
  }
}

/** Whether a text is a date that exists, written `YYYY-MM-DD`. */
export function isIsoDate(text: string): text is IsoDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text
}

/** The date that a text names. Throws InvalidDateError. */
export function parseIsoDate(text: string): IsoDate {
  if (!isIsoDate(text)) throw new InvalidDateError(text)
  return text
}

/** The date `days` later (earlier when negative). */
export function addDays(date: IsoDate, days: number): IsoDate {
  return isoDateOf(dayNumber(date) + days)
}

/**
 * The same day `months` later (earlier when negative), or the month's last day when it is shorter.
 *
 * @example addMonths('2025-03-31', -1) // 2025-02-28
 */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  lastOfMonth.setUTCDate(Math.min(day, lastOfMonth.getUTCDate()))
  return lastOfMonth.toISOString().slice(0, 10) as IsoDate
}
