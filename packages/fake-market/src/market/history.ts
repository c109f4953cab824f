import type { DayTimes, Dividend, Market, Split } from './market.ts'
import type { MarketBar } from './market-source.ts'

/** What can be known of a symbol at an instant. Events are known once their session has opened. */
export interface History {
  readonly symbol: string
  /** The source's bars, those to come included. */
  readonly bars: readonly MarketBar[]
  /** How many of them are of sessions that have closed. */
  readonly finished: number
  /** Whether the session after those is open. */
  readonly isOpen: boolean
  readonly splits: readonly Split[]
  readonly dividends: readonly Dividend[]
  readonly now: number
  times(date: string): DayTimes
}

/** The history of a symbol up to an instant; null when there is no such symbol or not yet a bar of it. */
export async function knownHistory(
  market: Market,
  symbol: string,
  now: number,
): Promise<History | null> {
  const bars = await market.source.bars(symbol)
  if (bars === null) return null
  const times = (date: string) => market.times(date)
  const finished = countUntil(bars, ({ date }) => times(date).close > now)
  const next = bars[finished]
  const isOpen = next !== undefined && times(next.date).open <= now
  const last = bars[isOpen ? finished : finished - 1]
  if (last === undefined) return null
  const { splits, dividends } = market.events(bars)
  const isKnown = ({ date }: { readonly date: string }) => date <= last.date
  return {
    symbol,
    bars,
    finished,
    isOpen,
    splits: splits.filter(isKnown),
    dividends: dividends.filter(isKnown),
    now,
    times,
  }
}

/** How many items come before the first that is late enough; the items must be sorted by that. */
export function countUntil<T>(items: readonly T[], isLate: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item === undefined || isLate(item)) high = middle
    else low = middle + 1
  }
  return low
}
