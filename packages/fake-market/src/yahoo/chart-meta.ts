import { addDays } from '../market/dates.ts'
import type { History } from '../market/history.ts'
import { newYorkDate, newYorkOffset, newYorkZoneName } from '../market/new-york.ts'
import { finishedRows, type Window } from '../market/served-row.ts'
import { exchangeOf, type QuoteFacts } from './quote-facts.ts'
import { toYahoo } from './yahoo-symbol.ts'

const HOUR_MS = 3_600_000
const RANGES = ['1d', '5d', '1mo', '3mo', '6mo', '1y', '2y', '5y', '10y', 'ytd', 'max']
/** Enough calendar days to look back for a close, weekends and holidays included. */
const LOOK_BACK_DAYS = 14

/** What a chart says about its symbol: all of it as of now, whatever the window. */
export function chartMeta(history: History, facts: QuoteFacts | null, window: Window) {
  const { now, symbol, bars } = history
  const profile = facts?.profile ?? {}
  const [exchangeName, fullExchangeName] = exchangeOf(profile)
  const name = profile.name ?? symbol
  return {
    currency: profile.currency ?? 'USD',
    symbol: toYahoo(symbol),
    exchangeName,
    fullExchangeName,
    instrumentType: facts?.quoteType ?? 'EQUITY',
    firstTradeDate: seconds(history.times(bars[0]?.date ?? '').open),
    regularMarketTime: facts === null ? null : seconds(facts.last.time),
    hasPrePostMarketData: true,
    gmtoffset: newYorkOffset(now) / 1000,
    timezone: newYorkZoneName(now),
    exchangeTimezoneName: 'America/New_York',
    regularMarketPrice: facts?.price ?? null,
    fiftyTwoWeekHigh: facts?.yearHigh ?? null,
    fiftyTwoWeekLow: facts?.yearLow ?? null,
    regularMarketDayHigh: facts?.last.high ?? null,
    regularMarketDayLow: facts?.last.low ?? null,
    regularMarketVolume: facts?.last.volume ?? null,
    longName: name,
    shortName: name,
    chartPreviousClose: closeBefore(history, window),
    priceHint: 2,
    currentTradingPeriod: tradingPeriod(history),
    dataGranularity: '1d',
    range: '',
    validRanges: RANGES,
  }
}

/** The last close before the window, restated like the others; null when there is none. */
function closeBefore(history: History, window: Window): number | null {
  const round = (price: number) => Number(price.toFixed(3))
  const pricing = { restating: history.splits, round }
  const first = history.bars.find(({ date }) => !window.isBefore(date))?.date
  const from = first === undefined ? '' : addDays(first, -LOOK_BACK_DAYS)
  const earlier = {
    isBefore: (date: string) => date < from,
    isAfter: (date: string) => !window.isBefore(date),
  }
  const close = finishedRows(history, earlier, pricing).at(-1)?.close
  return typeof close === 'number' ? close : null
}

/** Hours of today: before the session, the session, after it. */
function tradingPeriod(history: History) {
  const { open, close } = history.times(newYorkDate(history.now))
  const period = (start: number, end: number) => ({
    timezone: newYorkZoneName(start),
    start: seconds(start),
    end: seconds(end),
    gmtoffset: newYorkOffset(start) / 1000,
  })
  return {
    pre: period(open - 5.5 * HOUR_MS, open),
    regular: period(open, close),
    post: period(close, close + 4 * HOUR_MS),
  }
}

function seconds(instant: number): number {
  return Math.floor(instant / 1000)
}
