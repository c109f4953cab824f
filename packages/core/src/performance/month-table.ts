import { linkedReturn } from './linked-return.ts'
import type { PerformanceDay } from './performance-day.ts'

export interface MonthReturn {
  /** `YYYY-MM`. */
  readonly month: string
  /** Linked daily returns of the month, a fraction. */
  readonly return: number
}

/**
 * Returns by calendar month, oldest first; all of them linked are the time-weighted return.
 *
 * Missing data: a month without any daily return has no row.
 */
export function monthTable(days: readonly PerformanceDay[]): readonly MonthReturn[] {
  const measured = days.filter(({ dailyReturn }) => dailyReturn !== null)
  return [...Map.groupBy(measured, ({ date }) => date.slice(0, 7))].map(([month, own]) => ({
    month,
    return: linkedReturn(own.map(({ dailyReturn }) => dailyReturn)),
  }))
}
