import { z } from 'zod'
import type { Profile } from '../../profile.ts'
import { figure, label, readAnswer, epoch } from './read-answer.ts'

/** What a quote says of a symbol, as far as a profile wants to know. */
export interface QuoteFacts {
  /** `EQUITY`, `ETF`, `INDEX`...; null when not said. */
  readonly quoteType: string | null
  /** The exchange's time zone; null when not said. */
  readonly zone: string | null
  /** Instants of past and coming earnings, seconds since 1970. */
  readonly earnings: readonly number[]
  readonly profile: Partial<Profile>
}

/** The fields that `readQuotes` reads; `beta` comes only when it is asked for. */
export const QUOTE_FIELDS = [
  'beta',
  'currency',
  'earningsTimestamp',
  'earningsTimestampStart',
  'fiftyTwoWeekHigh',
  'fiftyTwoWeekLow',
  'forwardPE',
  'fullExchangeName',
  'longName',
  'marketCap',
  'priceToBook',
  'shortName',
  'trailingAnnualDividendYield',
  'trailingPE',
] as const

const instant = epoch.nullable().catch(null)

const quoteSchema = z.object({
  symbol: z.string(),
  quoteType: label,
  exchangeTimezoneName: label,
  beta: figure,
  currency: label,
  earningsTimestamp: instant,
  earningsTimestampStart: instant,
  fiftyTwoWeekHigh: figure,
  fiftyTwoWeekLow: figure,
  forwardPE: figure,
  fullExchangeName: label,
  longName: label,
  marketCap: figure,
  priceToBook: figure,
  shortName: label,
  trailingAnnualDividendYield: figure,
  trailingPE: figure,
})

/**
 * Reads the client's quotes, by Yahoo's symbol. The dividend yield is the trailing one, a fraction: what
 * quotes call `dividendYield` is in percent. Missing data: null.
 *
 * @throws Malformed
 */
export function readQuotes(answer: unknown): ReadonlyMap<string, QuoteFacts> {
  const quotes = readAnswer(z.array(quoteSchema), answer, 'quoteResponse.result')
  return new Map(
    quotes.map((quote) => {
      const facts: QuoteFacts = {
        quoteType: quote.quoteType,
        zone: quote.exchangeTimezoneName,
        earnings: [quote.earningsTimestamp, quote.earningsTimestampStart].filter(
          (stamp) => stamp !== null,
        ),
        profile: {
          companyName: quote.longName ?? quote.shortName,
          exchange: quote.fullExchangeName,
          currency: quote.currency,
          marketCap: quote.marketCap,
          peRatio: quote.trailingPE,
          forwardPe: quote.forwardPE,
          pbRatio: quote.priceToBook,
          dividendYield: quote.trailingAnnualDividendYield,
          beta: quote.beta,
          week52High: quote.fiftyTwoWeekHigh,
          week52Low: quote.fiftyTwoWeekLow,
        },
      }
      return [quote.symbol.toUpperCase(), facts]
    }),
  )
}

const rawQuotes = z.object({
  quoteResponse: z.object({
    result: z.array(z.object({ symbol: z.string(), quoteType: z.string().optional() })),
  }),
})

/** The symbols that Yahoo knows as no longer traded; the client leaves their quotes out. */
export function deadSymbols(answer: unknown): ReadonlySet<string> {
  const quotes = rawQuotes.safeParse(answer).data?.quoteResponse.result ?? []
  return new Set(
    quotes
      .filter(({ quoteType }) => quoteType === 'NONE')
      .map(({ symbol }) => symbol.toUpperCase()),
  )
}
