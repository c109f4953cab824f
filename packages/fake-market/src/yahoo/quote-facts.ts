import { addDays } from '../market/dates.ts'
import type { History } from '../market/history.ts'
import type { MarketProfile } from '../market/market-source.ts'
import { newYorkDate } from '../market/new-york.ts'
import {
  finishedRows,
  runningRow,
  splitFactor,
  type Pricing,
  type Served,
  type ServedRow,
} from '../market/served-row.ts'

const YEAR_DAYS = 365

/** What Yahoo derives from a symbol's last year and profile. Prices are on the basis of now. */
export interface QuoteFacts {
  readonly history: History
  readonly profile: MarketProfile
  readonly quoteType: NonNullable<MarketProfile['quoteType']>
  /** The session that is open, or the last closed one; its `time` is that of its last trade. */
  readonly last: ServedRow
  readonly price: number
  readonly previousClose: number | null
  readonly yearHigh: number
  readonly yearLow: number
  /** The sum of a year's dividends per share. */
  readonly yearDividends: number
}

/** Yahoo keeps prices as 32-bit floats: 129.04 is served as 129.03999328613281. */
export const yahooRound = Math.fround

/** Null when the symbol has not traded within a year. */
export function quoteFacts(history: History, profile: MarketProfile | null): QuoteFacts | null {
  const today = newYorkDate(history.now)
  const yearAgo = addDays(today, -YEAR_DAYS)
  const pricing: Pricing = { restating: history.splits, round: toFourDecimals }
  const year = { isBefore: (date: string) => date < yearAgo, isAfter: () => false }
  const finished = finishedRows(history, year, pricing)
  const running = runningRow(history, false, pricing)
  const rows = running === null ? finished : [...finished, running]
  const last = rows.at(-1)
  if (last === undefined) return null
  const highs = rows.flatMap(({ high, close }) => numbers(high, close))
  const lows = rows.flatMap(({ low, close }) => numbers(low, close))
  const [price = 0] = numbers(last.close)
  const [previousClose = null] = numbers(rows.at(-2)?.close ?? null)
  const recent = history.dividends.filter(({ date }) => date > yearAgo)
  const yearDividends = recent.reduce(
    (sum, { date, amount }) => sum + amount / splitFactor(history.splits, date),
    0,
  )
  return {
    history,
    profile: profile ?? {},
    quoteType: profile?.quoteType ?? (history.symbol.startsWith('^') ? 'INDEX' : 'EQUITY'),
    last: running === null ? { ...last, time: history.times(last.date).close } : last,
    price,
    previousClose,
    yearHigh: Math.max(...highs),
    yearLow: Math.min(...lows),
    yearDividends: Number(yearDividends.toFixed(6)),
  }
}

/** The exchange's code and name, which a source does not know. */
export function exchangeOf({ quoteType }: MarketProfile): readonly [string, string] {
  return quoteType === 'ETF' ? ['PCX', 'NYSEArca'] : ['NMS', 'NasdaqGS']
}

function toFourDecimals(price: number): number {
  return Math.round(price * 10_000) / 10_000
}

function numbers(...values: readonly Served[]): readonly number[] {
  return values.filter((value) => typeof value === 'number')
}
