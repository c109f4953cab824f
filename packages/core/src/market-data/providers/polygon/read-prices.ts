import { DateTime } from 'luxon'
import type { IsoDate } from '../../../calendar/iso-date.ts'
import { dateInNewYork } from '../../../calendar/session-times.ts'
import type { DailyBar } from '../../bar.ts'
import { Malformed } from '../../calls/provider-errors.ts'

/** A day's prices before the day's events are joined to them. */
export type DayPrices = Omit<DailyBar, 'dividend' | 'splitRatio'>

/** The calendar's years: an instant outside them is no bar's. */
const FIRST_INSTANT = Date.UTC(1990, 0, 1)
const LAST_INSTANT = Date.UTC(2050, 11, 31)

/**
 * One aggregate as the prices of a day, which is the date of its `t` in New York: the vendor stamps a
 * day with its midnight there, grouped days with the close. Null when it cannot be placed on a day.
 * `dateOf` is a `rememberDates()`.
 *
 * Missing data: an absent or null field is null; anything else that is not a number becomes NaN, which
 * validation refuses with its reason (a volume then counts as unknown).
 */
export function readPrices(entry: unknown, dateOf: (instant: number) => IsoDate): DayPrices | null {
  if (typeof entry !== 'object' || entry === null) return null
  const { t, o, h, l, c, v } = entry as Readonly<Record<string, unknown>>
  if (typeof t !== 'number' || !(t >= FIRST_INSTANT && t < LAST_INSTANT)) return null
  return {
    date: dateOf(t),
    open: numberOf(o),
    high: numberOf(h),
    low: numberOf(l),
    close: numberOf(c),
    volume: numberOf(v),
  }
}

/** Tells the date of an instant in New York, and remembers it: a day's thousands of bars share theirs. */
export function rememberDates(): (instant: number) => IsoDate {
  const dates = new Map<number, IsoDate>()
  return (instant) => {
    const known = dates.get(instant) ?? dateInNewYork(DateTime.fromMillis(instant))
    dates.set(instant, known)
    return known
  }
}

function numberOf(value: unknown): number | null {
  if (value === undefined || value === null) return null
  return typeof value === 'number' ? value : NaN
}

/** A day whose prices cannot be told; its close is NaN, so that validation refuses it with a reason. */
export function unusablePrices(date: IsoDate): DayPrices {
  return { date, open: null, high: null, low: null, close: NaN, volume: null }
}

/** Each day once: equal repetitions count once, a day with different prices is unusable and noted. */
export function onePerDay(
  prices: readonly DayPrices[],
  noteConflict: (date: IsoDate) => void,
): ReadonlyMap<IsoDate, DayPrices> {
  const days = new Map<IsoDate, DayPrices>()
  const conflicting = new Set<IsoDate>()
  for (const day of prices) {
    const other = days.get(day.date)
    if (other === undefined) days.set(day.date, day)
    else if (JSON.stringify(other) !== JSON.stringify(day)) conflicting.add(day.date)
  }
  for (const date of conflicting) {
    noteConflict(date)
    days.set(date, unusablePrices(date))
  }
  return days
}

/**
 * A few bad days are left to validation, but bars of which none is any good are no answer.
 *
 * @throws Malformed when there are bars and none has a close above 0
 */
export function assertSomeUsable(prices: ReadonlyMap<IsoDate, DayPrices>): void {
  if (prices.size === 0) return
  for (const { close } of prices.values()) {
    if (close !== null && close > 0 && close < Infinity) return
  }
  const bars = prices.size === 1 ? 'the only bar has no' : `none of ${prices.size} bars has a`
  throw new Malformed(`polygon: ${bars} usable close`, 'results')
}
