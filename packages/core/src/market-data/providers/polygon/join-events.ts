import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { DailyBar } from '../../bar.ts'
import type { BarRequest } from '../../provider.ts'
import type { EventBook } from './event-book.ts'
import type { DayPrices } from './read-prices.ts'

const NO_PRICES = { open: null, high: null, low: null, close: null, volume: null }

/**
 * A ticker's bars of the asked days, sorted: each day's prices with its events, and a row with close
 * null for a day that has events only. None at all when there are no prices, since events alone do not
 * show that a symbol traded.
 */
export function joinEvents(
  ticker: string,
  { from, to }: BarRequest,
  prices: ReadonlyMap<IsoDate, DayPrices>,
  book: EventBook,
): readonly DailyBar[] {
  if (prices.size === 0) return []
  const dates = new Set([...prices.keys(), ...book.dates(ticker)])
  return [...dates]
    .filter((date) => date >= from && date <= to)
    .sort()
    .map((date) => ({ ...(prices.get(date) ?? { ...NO_PRICES, date }), ...book.on(ticker, date) }))
}
