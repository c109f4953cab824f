import type { DayNumber } from './day-number.ts'

/** A rule that names at most one day a year: a holiday or an early close. */
export interface YearlyRule {
  readonly name: string
  readonly fromYear: number
  /** The last year the rule held for; absent while it holds. */
  readonly toYear?: number
  /** The day of a year; null when the year has none. */
  readonly dayIn: (year: number) => DayNumber | null
}
