import { json, type Endpoint, type Question, type World } from '../http/endpoint.ts'
import { knownHistory } from '../market/history.ts'
import { newYorkOffset, newYorkZoneName } from '../market/new-york.ts'
import type { ServedRow } from '../market/served-row.ts'
import { faultyRows } from '../script/row-faults.ts'
import type { Door } from './door.ts'
import { isDelisted } from '../market/is-delisted.ts'
import { exchangeOf, quoteFacts, type QuoteFacts } from './quote-facts.ts'
import { valuation } from './valuation.ts'
import { fromYahoo, toYahoo } from './yahoo-symbol.ts'

/** The last price and what goes with it, for many symbols; unknown ones are left out. */
export function createQuote(door: Door): Endpoint {
  return {
    vendor: 'yahoo',
    name: 'quote',
    path: /^\/v7\/finance\/quote$/,
    symbols: ({ query }) => askedSymbols(query),
    async answer(question, world) {
      const refusal = door.refusal(question)
      if (refusal !== null) return refusal
      const quotes: unknown[] = []
      for (const symbol of askedSymbols(question.query)) {
        quotes.push(...(await quotesOf(symbol, question, world)))
      }
      return json(200, { quoteResponse: { result: quotes, error: null } })
    },
  }
}

function askedSymbols(query: URLSearchParams): readonly string[] {
  return (query.get('symbols') ?? '').split(',').filter(Boolean).map(fromYahoo)
}

async function quotesOf(symbol: string, { now, faultFor }: Question, { market, random }: World) {
  const history = await knownHistory(market, symbol, now)
  if (history === null) return []
  if (isDelisted(market, symbol, now)) return [forgotten(symbol)]
  const facts = quoteFacts(history, market.source.profile?.(symbol) ?? null)
  if (facts === null) return [forgotten(symbol)]
  return faultyRows([facts.last], faultFor(symbol), random).map((row) => quoteOf(facts, row))
}

/** What Yahoo answers for a symbol that it once had. */
function forgotten(symbol: string) {
  return {
    language: 'en-US',
    region: 'US',
    quoteType: 'NONE',
    triggerable: false,
    tradeable: false,
    symbol: toYahoo(symbol),
  }
}

function quoteOf(facts: QuoteFacts, row: ServedRow) {
  const { history, profile, price, previousClose } = facts
  const [exchange, fullExchangeName] = exchangeOf(profile)
  const value = valuation(facts)
  const change = previousClose === null ? undefined : price - previousClose
  const name = profile.name ?? history.symbol
  return {
    language: 'en-US',
    region: 'US',
    quoteType: facts.quoteType,
    currency: profile.currency ?? 'USD',
    shortName: name,
    longName: name,
    regularMarketChange: change,
    regularMarketChangePercent:
      change === undefined ? undefined : (100 * change) / (price - change),
    regularMarketPrice: row.close,
    regularMarketOpen: row.open,
    regularMarketDayHigh: row.high,
    regularMarketDayLow: row.low,
    regularMarketVolume: row.volume,
    regularMarketTime: Math.floor(row.time / 1000),
    regularMarketPreviousClose: previousClose,
    marketState: history.isOpen ? 'REGULAR' : 'CLOSED',
    fiftyTwoWeekHigh: facts.yearHigh,
    fiftyTwoWeekLow: facts.yearLow,
    trailingAnnualDividendRate: facts.yearDividends,
    trailingAnnualDividendYield: value.dividendYield,
    // A percentage here, a fraction in quoteSummary.
    dividendYield: Number((100 * value.dividendYield).toFixed(2)),
    trailingPE: value.trailingPE,
    forwardPE: value.forwardPE,
    priceToBook: value.priceToBook,
    marketCap: value.marketCap,
    sharesOutstanding: profile.sharesOutstanding,
    epsTrailingTwelveMonths: profile.epsTrailing,
    epsForward: profile.epsForward,
    bookValue: profile.bookValuePerShare,
    earningsTimestamp: value.earningsSeconds,
    exchange,
    fullExchangeName,
    exchangeTimezoneName: 'America/New_York',
    exchangeTimezoneShortName: newYorkZoneName(history.now),
    gmtOffSetMilliseconds: newYorkOffset(history.now),
    market: 'us_market',
    firstTradeDateMilliseconds: history.times(history.bars[0]?.date ?? '').open,
    priceHint: 2,
    sourceInterval: 15,
    exchangeDataDelayedBy: 0,
    triggerable: true,
    tradeable: false,
    esgPopulated: false,
    symbol: toYahoo(row.symbol),
  }
}
