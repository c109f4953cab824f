import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import type { DailyBar } from '../../src/market-data/bar.ts'
import { validateBars, type BarsToValidate } from '../../src/market-data/validate-bars.ts'

/** A quiet bar: all prices are the close, no events known. */
export function bar(date: string, close: number | null, rest: Partial<DailyBar> = {}): DailyBar {
  return {
    date: date as IsoDate,
    open: close,
    high: close,
    low: close,
    close,
    volume: null,
    dividend: null,
    splitRatio: null,
    ...rest,
  }
}

/** Validates bars of January 2024 as of its end, with the usual limit of 60 %. */
export function validate(bars: readonly DailyBar[], rest: Partial<BarsToValidate> = {}) {
  return validateBars({
    bars,
    previous: [],
    effectiveDate: '2024-01-31' as SessionDate,
    checkMoves: true,
    quarantineReturn: 0.6,
    confirmedDates: new Set(),
    ...rest,
  })
}

/** Stored closes by date. */
export function stored(closes: Readonly<Record<string, number>>): BarsToValidate['previous'] {
  return Object.entries(closes).map(([date, close]) => ({ date: date as IsoDate, close }))
}
