import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import { parseMicros, type Micros } from '../exact/amounts.ts'
import { splitFraction } from './splits.ts'
import type { Close, Dividend, SymbolHistory } from './symbol-history.ts'

/** A dividend, a split or both, as stored: decimals as text, 0 and 1 where there is none. */
export interface CorporateEvent {
  readonly exDate: IsoDate
  readonly dividend: string
  readonly splitRatio: string
}

/** Closes as traded over ascending sessions, which many symbols may share; NaN where there is none. */
export interface CloseSeries {
  readonly sessions: readonly SessionDate[]
  readonly close: Float64Array
}

/** A history over a series of closes and a symbol's events, given in any order. */
export function createSymbolHistory(
  { sessions, close }: CloseSeries,
  events: readonly CorporateEvent[],
): SymbolHistory {
  const inOrder = events.toSorted((a, b) => (a.exDate < b.exDate ? -1 : 1))
  const closeAt = (index: number): Close | null => {
    const date = sessions[index]
    return date === undefined ? null : { date, price: closeMicros(close[index] as number) }
  }
  // A book asks for the same date for every one of its lots, and so do all other books.
  let askedDate: IsoDate | null = null
  let answer: Close | null = null
  return {
    splits: inOrder
      .map(({ exDate, splitRatio }) => ({ exDate, ratio: splitFraction(splitRatio) }))
      .filter(({ ratio }) => ratio.n !== ratio.d),
    dividends: dividendsOf(inOrder),
    closeOnOrBefore(date) {
      if (date === askedDate) return answer
      let index = countThrough(sessions, date) - 1
      while (index >= 0 && Number.isNaN(close[index])) index--
      askedDate = date
      answer = closeAt(index)
      return answer
    },
    firstCloseAfter(date) {
      let index = countThrough(sessions, date)
      while (index < sessions.length && Number.isNaN(close[index])) index++
      return closeAt(index)
    },
  }
}

function dividendsOf(events: readonly CorporateEvent[]): readonly Dividend[] {
  let paidThrough = 0n
  return events
    .map(({ exDate, dividend }) => ({ exDate, perShare: parseMicros(dividend) }))
    .filter(({ perShare }) => perShare !== 0n)
    .map((dividend) => ({ ...dividend, paidThrough: (paidThrough += dividend.perShare) }))
}

/** How many of ascending dates are not after a date. */
function countThrough(dates: readonly IsoDate[], date: IsoDate): number {
  let low = 0
  let high = dates.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((dates[middle] as IsoDate) <= date) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * A stored price read as a double is exact again after rounding to millionths, as long as the number
 * of millionths is one that a double holds: up to nine billion dollars a share.
 */
function closeMicros(close: number): Micros {
  const micros = Math.round(close * 1e6)
  if (!Number.isSafeInteger(micros))
    throw new RangeError(`A close of ${close} cannot be held exactly`)
  return BigInt(micros) as Micros
}
