import type { MarketBar, MarketSource } from './market-source.ts'
import { newYorkMidnight } from './new-york.ts'

const HOUR_MS = 3_600_000

/** Instants of one day, epoch ms. */
export interface DayTimes {
  readonly midnight: number
  readonly open: number
  readonly close: number
}

/** A day's share split. */
export interface Split {
  readonly date: string
  readonly ratio: number
}

export interface Dividend {
  readonly date: string
  readonly amount: number
  /** What a price before the ex-date is multiplied with to leave the dividend out: 1 − D ÷ previous close. */
  readonly factor: number
}

export interface Events {
  readonly splits: readonly Split[]
  readonly dividends: readonly Dividend[]
}

/** A source with what is derived from it kept: instants of days, events of histories. */
export interface Market {
  readonly source: MarketSource
  /** A date without a session has the usual hours, so that a bar on such a date can be served too. */
  times(date: string): DayTimes
  events(bars: readonly MarketBar[]): Events
}

export function createMarket(source: MarketSource): Market {
  const times = new Map<string, DayTimes>()
  const events = new WeakMap<readonly MarketBar[], Events>()
  return {
    source,
    times(date) {
      const known = times.get(date) ?? timesOf(source, date)
      times.set(date, known)
      return known
    },
    events(bars) {
      const known = events.get(bars) ?? eventsOf(bars)
      events.set(bars, known)
      return known
    },
  }
}

function timesOf(source: MarketSource, date: string): DayTimes {
  const session = source.session(date)
  const midnight = newYorkMidnight(date)
  return {
    midnight,
    open: session?.open.getTime() ?? midnight + 9.5 * HOUR_MS,
    close: session?.close.getTime() ?? midnight + 16 * HOUR_MS,
  }
}

function eventsOf(bars: readonly MarketBar[]): Events {
  const splits: Split[] = []
  const dividends: Dividend[] = []
  let previousClose: number | null = null
  for (const { date, close, dividend, splitRatio } of bars) {
    const ratio = splitRatio ?? 1
    if (ratio !== 1) splits.push({ date, ratio })
    if (previousClose !== null) previousClose /= ratio
    if (dividend !== null && dividend > 0) {
      const factor = previousClose === null ? 1 : 1 - dividend / previousClose
      dividends.push({ date, amount: dividend, factor })
    }
    previousClose = close ?? previousClose
  }
  return { splits, dividends }
}
