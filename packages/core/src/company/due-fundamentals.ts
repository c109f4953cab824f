import { DateTime } from 'luxon'
import { addDays } from '../calendar/index.ts'
import { dateInNewYork } from '../calendar/session-times.ts'
import type { IsoDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { CompanyState } from './company-state.ts'

/** How long after its earnings date a company's statements can be expected at a provider. */
const DAYS_AFTER_EARNINGS = 3
const MAX_AGE_DAYS = 100
/** A passed earnings date that has brought no statements for so long will not bring any. */
const LONGEST_WAIT_DAYS = 14
const MS_PER_DAY = 86_400_000

/**
 * The symbols whose statements are to be asked for: never done, done more than 100 days ago, or done
 * before the third day after an earnings date that is at least three days past (days of New York). Those
 * never asked for come first, then the oldest.
 */
export function dueFundamentals(states: readonly CompanyState[], now: Date): readonly Ticker[] {
  const age = ({ fundamentalsLastFetched }: CompanyState) => fundamentalsLastFetched?.getTime() ?? 0
  return states
    .filter((state) => isDue(state, now))
    .sort((a, b) => age(a) - age(b) || (a.symbol < b.symbol ? -1 : 1))
    .map(({ symbol }) => symbol)
}

function isDue(state: CompanyState, now: Date): boolean {
  const { fundamentalsLastFetched: fetched, nextEarningsDate } = state
  if (fetched === null) return true
  if (now.getTime() - fetched.getTime() > MAX_AGE_DAYS * MS_PER_DAY) return true
  return isBeforeStatementsOf(nextEarningsDate, fetched) && dueDay(nextEarningsDate) <= newYork(now)
}

/**
 * Whether the stored earnings date has come, and its statements have not been fetched yet. Providers name
 * the next date as soon as one is past; taking it over then would let the statements be forgotten.
 */
export function awaitsStatements(state: CompanyState, now: Date): boolean {
  const { fundamentalsLastFetched: fetched, nextEarningsDate } = state
  if (fetched === null || !isBeforeStatementsOf(nextEarningsDate, fetched)) return false
  const today = newYork(now)
  return nextEarningsDate <= today && today <= addDays(nextEarningsDate, LONGEST_WAIT_DAYS)
}

function isBeforeStatementsOf(earnings: IsoDate | null, fetched: Date): earnings is IsoDate {
  return earnings !== null && newYork(fetched) < dueDay(earnings)
}

function dueDay(earnings: IsoDate): IsoDate {
  return addDays(earnings, DAYS_AFTER_EARNINGS)
}

function newYork(instant: Date): IsoDate {
  return dateInNewYork(DateTime.fromJSDate(instant))
}
