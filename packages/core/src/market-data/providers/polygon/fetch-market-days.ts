import type { IsoDate, SessionDate } from '../../../calendar/iso-date.ts'
import { failureOf } from '../../calls/failure-of.ts'
import { inParallel } from '../../calls/in-parallel.ts'
import { providerErrorOf } from '../../calls/provider-error-of.ts'
import { Malformed, Unavailable, type ProviderError } from '../../calls/provider-errors.ts'
import type { BarOutcome, BarRequest } from '../../provider.ts'
import { EventBook } from './event-book.ts'
import { fetchDividends, fetchSplits } from './fetch-events.ts'
import { joinEvents } from './join-events.ts'
import { eventDaysOf, type CallPlan, type DayRange } from './plan-calls.ts'
import { notThere, POLYGON, type PolygonClient } from './polygon-client.ts'
import { asShape, GROUPED } from './polygon-shapes.ts'
import { polygonTicker } from './polygon-ticker.ts'
import type { ProblemList } from './problem-list.ts'
import {
  assertSomeUsable,
  onePerDay,
  readPrices,
  rememberDates,
  unusablePrices,
  type DayPrices,
} from './read-prices.ts'

const DAYS_UNDER_WAY = 4

/** What was learnt of the whole market: the prices of some tickers by session, or why there are none. */
interface Market {
  readonly book: EventBook
  readonly prices: Map<SessionDate, ReadonlyMap<string, DayPrices>>
  readonly failures: Map<SessionDate, ProviderError>
  /** Sessions of which the vendor has no bar of anybody. */
  readonly empty: Set<SessionDate>
}

/**
 * The bars of `plan.byDate`, from the market's days joined with the days' lists of splits and dividends.
 *
 * A day without its lists is not known, since a bar without known events is no fact. A request one of
 * whose sessions is not known gets no bars at all, retryable unless the vendor refuses the day: a hole
 * would not be asked for again. A symbol that is in none of its days has `no_bars`; it may not exist.
 *
 * @throws the signal's reason when aborted
 */
export async function* fetchMarketDays(
  client: PolygonClient,
  plan: CallPlan,
  problems: ProblemList,
): AsyncGenerator<BarOutcome> {
  const tickers = new Set(plan.byDate.map(({ symbol }) => polygonTicker(symbol)))
  const book = new EventBook(tickers, problems)
  const market: Market = { book, prices: new Map(), failures: new Map(), empty: new Set() }
  for (const range of plan.splitRanges) {
    const error = await attempt(client, () => fetchSplits(client, range, book))
    if (error === null) continue
    for (const session of sessionsIn(plan, range)) market.failures.set(session, error)
  }
  const due = plan.sessions.filter((session) => !market.failures.has(session))
  const fetchDay = async (session: SessionDate) => ({
    session,
    error: await attempt(client, async () => {
      const prices = await fetchPrices(client, session, { tickers, problems })
      await fetchDividends(client, eventDaysOf(session), book)
      if (prices === null) market.empty.add(session)
      else market.prices.set(session, prices)
    }),
  })
  for await (const { session, error } of inParallel(due, DAYS_UNDER_WAY, fetchDay)) {
    if (error !== null) market.failures.set(session, error)
  }
  refuseUnpublished(market, plan.sessions)
  for (const request of plan.byDate) yield outcomeOf(market, plan, request)
}

/** Of the last sessions an empty one is not published yet; one before a published one had no trading. */
function refuseUnpublished({ empty, failures }: Market, sessions: readonly SessionDate[]): void {
  for (const session of sessions.toReversed()) {
    if (!empty.has(session)) return
    failures.set(
      session,
      new Unavailable(`${POLYGON} has not yet published any bar of the session`),
    )
  }
}

/** Whatever went wrong with a day, as a value. @throws the signal's reason when aborted */
async function attempt(
  client: PolygonClient,
  work: () => Promise<void>,
): Promise<ProviderError | null> {
  try {
    await work()
    return null
  } catch (thrown) {
    client.signal.throwIfAborted()
    const error = providerErrorOf(POLYGON, thrown)
    return error.kind === 'unknown_symbol' ? notThere(error) : error
  }
}

/** The prices of those tickers that traded; null when the vendor has no bar of anybody. */
async function fetchPrices(
  client: PolygonClient,
  session: SessionDate,
  { tickers, problems }: { tickers: ReadonlySet<string>; problems: ProblemList },
): Promise<ReadonlyMap<string, DayPrices> | null> {
  const path = `/v2/aggs/grouped/locale/us/market/stocks/${session}`
  const answer = asShape(GROUPED, await client.get(path, { adjusted: 'false' }))
  const results = answer.results ?? []
  if (results.length === 0) return null
  const dateOf = rememberDates()
  const byTicker = Map.groupBy(results.entries(), ([, bar]) => tickerOf(bar))
  const prices = new Map<string, DayPrices>()
  for (const ticker of tickers) {
    const bars = (byTicker.get(ticker) ?? []).map(([index, bar]) => {
      const day = readPrices(bar, dateOf) ?? unusablePrices(session)
      if (day.date === session) return day
      throw new Malformed(`${POLYGON} answered with another day`, `results.${index}.t`)
    })
    const day = onePerDay(bars, (date) => {
      problems.note(`${POLYGON}: different bars of ${ticker} on ${date}, none was taken`)
    }).get(session)
    if (day !== undefined) prices.set(ticker, day)
  }
  return prices
}

function tickerOf(bar: unknown): unknown {
  return typeof bar === 'object' && bar !== null && 'T' in bar ? bar.T : undefined
}

function outcomeOf(
  { book, prices, failures }: Market,
  plan: CallPlan,
  request: BarRequest,
): BarOutcome {
  const { symbol } = request
  const ticker = polygonTicker(symbol)
  const sessions = sessionsIn(plan, request)
  const failure = { ok: false, symbol, provider: POLYGON } as const
  for (const session of sessions) {
    const error = failures.get(session)
    if (error === undefined) continue
    const { reason, detail } = failureOf(error)
    const retryable = reason !== 'refused'
    return { ...failure, reason, detail: `the market of ${session}: ${detail}`, retryable }
  }
  const own = new Map<IsoDate, DayPrices>()
  for (const session of sessions) {
    const day = prices.get(session)?.get(ticker)
    if (day !== undefined) own.set(session, day)
  }
  try {
    book.assertReadable(ticker)
    assertSomeUsable(own)
  } catch (thrown) {
    return { ...failure, ...failureOf(providerErrorOf(POLYGON, thrown)) }
  }
  const bars = joinEvents(ticker, request, own, book)
  if (bars.length > 0) return { ok: true, symbol, provider: POLYGON, bars }
  const detail = `in the market of none of ${sessions.length} sessions; it may not exist`
  return { ...failure, reason: 'no_bars', detail, retryable: false }
}

function sessionsIn(plan: CallPlan, { from, to }: DayRange): readonly SessionDate[] {
  return plan.sessions.filter((session) => session >= from && session <= to)
}
