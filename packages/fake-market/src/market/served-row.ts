import { countUntil, type History } from './history.ts'
import type { Split } from './market.ts'
import type { MarketBar } from './market-source.ts'

/** A number as it should be, or what a fault made of it. */
export type Served = number | string | null

/** One day as it goes into an answer, before it gets a vendor's shape. */
export interface ServedRow {
  readonly symbol: string
  readonly date: string
  /** Epoch ms: the session's open; of a running session the instant of its last trade. */
  readonly time: number
  readonly open: Served
  readonly high: Served
  readonly low: Served
  readonly close: Served
  /** The close without later dividends; only Yahoo has it. */
  readonly adjusted: Served
  readonly volume: Served
}

/** How far a running session has come when a fault asks for its bar. */
const HALF = 0.5

/** How prices get into an answer. */
export interface Pricing {
  /** The splits that prices are restated by, as far as they are later than the bar. */
  readonly restating: readonly Split[]
  /** Rounds a price as the vendor does. */
  readonly round: (price: number) => number
}

/** Which days are wanted, told by where a day lies that is not. */
export interface Window {
  isBefore(date: string): boolean
  isAfter(date: string): boolean
}

/** The days of a window that have closed and on which there was trade, oldest first. */
export function finishedRows(
  history: History,
  window: Window,
  pricing: Pricing,
): readonly ServedRow[] {
  return finishedBars(history, window).map((bar) =>
    servedRow(history, bar, history.times(bar.date).open, pricing),
  )
}

/** The dates of the same days. */
export function finishedDates(history: History, window: Window): readonly string[] {
  return finishedBars(history, window).map(({ date }) => date)
}

function finishedBars({ bars, finished }: History, window: Window): readonly MarketBar[] {
  const first = countUntil(bars, ({ date }) => !window.isBefore(date))
  const end = countUntil(bars, ({ date }) => window.isAfter(date))
  return bars.slice(first, Math.min(end, finished)).filter(({ close }) => close !== null)
}

/**
 * The bar of the session that is open; with `isForced` that of the session after the last closed one as it
 * will be half way through, open or not. Null when there is none. Its price lies on the line from the
 * session's open to its close, its volume grows in step.
 */
export function runningRow(
  history: History,
  isForced: boolean,
  pricing: Pricing,
): ServedRow | null {
  const bar = history.bars[history.finished]
  if (bar === undefined || bar.close === null || !(history.isOpen || isForced)) return null
  const { open, close } = history.times(bar.date)
  const time = history.isOpen ? history.now : open + HALF * (close - open)
  return servedRow(history, barSoFar(bar, (time - open) / (close - open)), time, pricing)
}

/** What a bar looks like when a part of its session has passed. */
function barSoFar(bar: MarketBar, part: number): MarketBar {
  const close = bar.close ?? 0
  const open = bar.open ?? close
  const price = open + (close - open) * part
  return {
    ...bar,
    open,
    high: Math.max(open, price),
    low: Math.min(open, price),
    close: Math.round(price * 10_000) / 10_000,
    volume: bar.volume === null ? null : Math.floor(bar.volume * part),
  }
}

function servedRow(history: History, bar: MarketBar, time: number, pricing: Pricing): ServedRow {
  const factor = splitFactor(pricing.restating, bar.date)
  const price = (value: number | null) => (value === null ? null : pricing.round(value / factor))
  const kept = history.dividends
    .filter(({ date }) => date > bar.date)
    .reduce((product, dividend) => product * dividend.factor, 1)
  return {
    symbol: history.symbol,
    date: bar.date,
    time,
    open: price(bar.open),
    high: price(bar.high),
    low: price(bar.low),
    close: price(bar.close),
    adjusted: price(bar.close === null ? null : bar.close * kept),
    volume: bar.volume === null ? null : Math.round(bar.volume * factor),
  }
}

/** New shares per share of a date: the product of the splits after it. */
export function splitFactor(splits: readonly Split[], date: string): number {
  return splits.reduce((factor, split) => (split.date > date ? factor * split.ratio : factor), 1)
}
