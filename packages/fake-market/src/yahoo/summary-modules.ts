import { utcSeconds } from '../market/dates.ts'
import { newYorkOffset, newYorkZoneName } from '../market/new-york.ts'
import { splitTerms } from '../market/split-terms.ts'
import { exchangeOf, type QuoteFacts } from './quote-facts.ts'
import { valuation } from './valuation.ts'
import { toYahoo } from './yahoo-symbol.ts'

/** The modules of quoteSummary by name; null = nothing to say about this symbol. */
export const MODULES: Readonly<Record<string, (facts: QuoteFacts) => object | null>> = {
  assetProfile: profileModule,
  summaryProfile: profileModule,
  price: priceModule,
  quoteType: quoteTypeModule,
  summaryDetail: summaryDetailModule,
  defaultKeyStatistics: keyStatisticsModule,
  calendarEvents: calendarModule,
}

/** Fields of currencies and coins, which the client insists on for everything. */
const NO_CONVERSION = { fromCurrency: null, toCurrency: null, lastMarket: null }

function profileModule({ profile }: QuoteFacts) {
  const { sector, industry, country } = profile
  if (sector === undefined && industry === undefined && country === undefined) return null
  return { country, industry, sector, companyOfficers: [], maxAge: 86_400 }
}

function priceModule(facts: QuoteFacts) {
  const { profile, last, price, previousClose, history } = facts
  const [exchange, exchangeName] = exchangeOf(profile)
  const name = profile.name ?? history.symbol
  return {
    maxAge: 1,
    regularMarketChange: previousClose === null ? undefined : price - previousClose,
    regularMarketTime: Math.floor(last.time / 1000),
    priceHint: 2,
    regularMarketPrice: price,
    regularMarketDayHigh: last.high,
    regularMarketDayLow: last.low,
    regularMarketVolume: last.volume,
    regularMarketPreviousClose: previousClose,
    regularMarketOpen: last.open,
    exchange,
    exchangeName,
    marketState: history.isOpen ? 'REGULAR' : 'CLOSED',
    quoteType: facts.quoteType,
    symbol: toYahoo(history.symbol),
    underlyingSymbol: null,
    shortName: name,
    longName: name,
    currency: profile.currency ?? 'USD',
    ...NO_CONVERSION,
    marketCap: valuation(facts).marketCap,
  }
}

function quoteTypeModule(facts: QuoteFacts) {
  const { profile, history } = facts
  const [exchange] = exchangeOf(profile)
  const name = profile.name ?? history.symbol
  const symbol = toYahoo(history.symbol)
  return {
    exchange,
    quoteType: facts.quoteType,
    symbol,
    underlyingSymbol: symbol,
    shortName: name,
    longName: name,
    firstTradeDateEpochUtc: Math.floor(history.times(history.bars[0]?.date ?? '').open / 1000),
    timeZoneFullName: 'America/New_York',
    timeZoneShortName: newYorkZoneName(history.now),
    uuid: '00000000-0000-0000-0000-000000000000',
    gmtOffSetMilliseconds: newYorkOffset(history.now),
    maxAge: 1,
  }
}

function summaryDetailModule(facts: QuoteFacts) {
  const { profile, last, previousClose } = facts
  const value = valuation(facts)
  return {
    maxAge: 1,
    priceHint: 2,
    previousClose,
    open: last.open,
    dayLow: last.low,
    dayHigh: last.high,
    dividendRate: facts.yearDividends,
    dividendYield: value.dividendYield,
    beta: profile.beta,
    trailingPE: value.trailingPE,
    forwardPE: value.forwardPE,
    volume: last.volume,
    marketCap: value.marketCap,
    fiftyTwoWeekLow: facts.yearLow,
    fiftyTwoWeekHigh: facts.yearHigh,
    priceToSalesTrailing12Months: value.priceToSales,
    trailingAnnualDividendRate: facts.yearDividends,
    trailingAnnualDividendYield: value.dividendYield,
    currency: profile.currency ?? 'USD',
    ...NO_CONVERSION,
    algorithm: null,
    tradeable: false,
  }
}

function keyStatisticsModule(facts: QuoteFacts) {
  const { profile, history } = facts
  const split = history.splits.at(-1)
  const terms = split === undefined ? null : splitTerms(split.ratio)
  const value = valuation(facts)
  return {
    maxAge: 1,
    priceHint: 2,
    enterpriseValue: profile.enterpriseValue,
    forwardPE: value.forwardPE,
    sharesOutstanding: profile.sharesOutstanding,
    beta: profile.beta,
    bookValue: profile.bookValuePerShare,
    priceToBook: value.priceToBook,
    trailingEps: profile.epsTrailing,
    forwardEps: profile.epsForward,
    lastSplitFactor: terms === null ? null : `${terms.numerator}:${terms.denominator}`,
    lastSplitDate: split === undefined ? undefined : utcSeconds(split.date),
    category: null,
    fundFamily: null,
    legalType: profile.quoteType === 'ETF' ? 'Exchange Traded Fund' : null,
  }
}

function calendarModule(facts: QuoteFacts) {
  const { earningsSeconds } = valuation(facts)
  if (earningsSeconds === undefined) return null
  return {
    maxAge: 1,
    earnings: {
      earningsDate: [earningsSeconds],
      earningsCallDate: [],
      isEarningsDateEstimate: true,
    },
  }
}
