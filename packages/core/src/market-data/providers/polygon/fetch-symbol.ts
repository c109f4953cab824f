import type { IsoDate } from '../../../calendar/iso-date.ts'
import { isOptionTicker } from '../../../symbols/occ.ts'
import type { DailyBar } from '../../bar.ts'
import { Delisted, Malformed, UnknownSymbol } from '../../calls/provider-errors.ts'
import type { BarRequest } from '../../provider.ts'
import { EventBook } from './event-book.ts'
import { fetchDividends, fetchSplits } from './fetch-events.ts'
import { joinEvents } from './join-events.ts'
import { POLYGON, type PolygonClient } from './polygon-client.ts'
import { AGGREGATES, asShape, TICKER_DETAILS, TICKER_RECORD } from './polygon-shapes.ts'
import { polygonTicker } from './polygon-ticker.ts'
import type { ProblemList } from './problem-list.ts'
import {
  assertSomeUsable,
  onePerDay,
  readPrices,
  rememberDates,
  type DayPrices,
} from './read-prices.ts'

/** The most that one page has: decades of days. */
const MOST_AGGREGATES = '50000'

/**
 * One symbol's bars as traded: its aggregates, for an equity joined with its splits and dividends (an
 * option has none). Empty when it did not trade on the days asked for.
 *
 * @throws ProviderError; UnknownSymbol and Delisted where the vendor says why an equity has no bars; the
 *   signal's reason when aborted
 */
export async function fetchSymbol(
  client: PolygonClient,
  request: BarRequest,
  problems: ProblemList,
): Promise<readonly DailyBar[]> {
  const ticker = polygonTicker(request.symbol)
  const book = new EventBook([ticker], problems)
  const prices = await fetchPrices(client, request, problems)
  if (isOptionTicker(request.symbol)) return joinEvents(ticker, request, prices, book)
  if (prices.size === 0) {
    await explainAbsence(client, ticker)
    return []
  }
  const { from, to } = request
  await fetchSplits(client, { from, to, ticker }, book)
  await fetchDividends(client, { from, to, ticker }, book)
  book.assertReadable(ticker)
  return joinEvents(ticker, request, prices, book)
}

async function fetchPrices(
  client: PolygonClient,
  request: BarRequest,
  problems: ProblemList,
): Promise<ReadonlyMap<IsoDate, DayPrices>> {
  const { symbol, from, to } = request
  const bars = await fetchAggregates(client, request)
  const dateOf = rememberDates()
  const placed = bars.map((bar) => readPrices(bar, dateOf)).filter((day) => day !== null)
  if (placed.length === 0 && bars.length > 0) {
    throw new Malformed(`${POLYGON}: no bar has a day`, 'results.0')
  }
  if (placed.length < bars.length) {
    problems.note(`${POLYGON}: ${bars.length - placed.length} bars of ${symbol} have no day`)
  }
  const days = onePerDay(placed, (date) => {
    problems.note(`${POLYGON}: different bars of ${symbol} on ${date}, none was taken`)
  })
  const asked = new Map([...days].filter(([date]) => date >= from && date <= to))
  assertSomeUsable(asked)
  return asked
}

async function fetchAggregates(
  client: PolygonClient,
  { symbol, from, to }: BarRequest,
): Promise<readonly unknown[]> {
  const ticker = polygonTicker(symbol)
  const path = `/v2/aggs/ticker/${ticker}/range/1/day/${from}/${to}`
  const query = { adjusted: 'false', sort: 'asc', limit: MOST_AGGREGATES }
  const bars: unknown[] = []
  for await (const page of client.pages(path, query)) {
    const answer = asShape(AGGREGATES, page)
    if (answer.ticker !== ticker) {
      throw new Malformed(`${POLYGON} answered with another symbol than ${ticker}`, 'ticker')
    }
    for (const bar of answer.results ?? []) bars.push(bar)
  }
  return bars
}

/**
 * Finds out why an equity has no bars; returns when it simply did not trade. The details know active
 * tickers only, the list of inactive ones those that are gone.
 *
 * @throws Delisted, UnknownSymbol, or the error of the call
 */
async function explainAbsence(client: PolygonClient, ticker: string): Promise<void> {
  try {
    const details = asShape(TICKER_DETAILS, await client.get(`/v3/reference/tickers/${ticker}`, {}))
    if (details.results.active !== false) return
  } catch (thrown) {
    if (!(thrown instanceof UnknownSymbol)) throw thrown
    const query = { ticker, active: 'false' }
    const gone = await client.list('/v3/reference/tickers', query, (record, place) => {
      if (asShape(TICKER_RECORD, record, place).ticker === ticker) return
      throw new Malformed(`${POLYGON} listed another symbol than ${ticker}`, `${place}.ticker`)
    })
    if (gone.length === 0) throw thrown
  }
  throw new Delisted(`${POLYGON} has ${ticker} as no longer traded`)
}
