import { z } from 'zod'
import { Malformed } from '../../calls/provider-errors.ts'
import { epoch, figure, label, readAnswer } from './read-answer.ts'
import type { QuoteFacts } from './read-quotes.ts'

/** The modules that `readQuoteSummary` reads; one call brings them all. */
export const SUMMARY_MODULES = [
  'assetProfile',
  'calendarEvents',
  'defaultKeyStatistics',
  'price',
  'quoteType',
  'summaryDetail',
] as const

const instants = z.array(epoch).catch([])

const summarySchema = z.object({
  assetProfile: z.object({ sector: label, industry: label, country: label }).partial().optional(),
  calendarEvents: z
    .object({ earnings: z.object({ earningsDate: instants }).partial().optional() })
    .optional(),
  defaultKeyStatistics: z
    .object({ beta: figure, enterpriseValue: figure, forwardPE: figure, priceToBook: figure })
    .partial()
    .optional(),
  price: z
    .object({
      symbol: label,
      currency: label,
      exchangeName: label,
      longName: label,
      marketCap: figure,
      quoteType: label,
      shortName: label,
    })
    .partial()
    .optional(),
  quoteType: z
    .object({ symbol: label, quoteType: label, timeZoneFullName: label })
    .partial()
    .optional(),
  summaryDetail: z
    .object({
      beta: figure,
      dividendYield: figure,
      fiftyTwoWeekHigh: figure,
      fiftyTwoWeekLow: figure,
      forwardPE: figure,
      marketCap: figure,
      priceToSalesTrailing12Months: figure,
      trailingPE: figure,
    })
    .partial()
    .optional(),
})

/**
 * Reads the client's summary of one symbol. Missing data: a module or figure that is absent, not finite
 * or no number is null. The dividend yield is a fraction here.
 *
 * @throws Malformed, also when the answer is about another symbol
 */
export function readQuoteSummary(answer: unknown, yahooSymbol: string): QuoteFacts {
  const root = 'quoteSummary.result.0'
  const { assetProfile, calendarEvents, defaultKeyStatistics, price, quoteType, summaryDetail } =
    readAnswer(summarySchema, answer, root)
  for (const symbol of [price?.symbol, quoteType?.symbol]) {
    if ((symbol ?? yahooSymbol).toUpperCase() === yahooSymbol.toUpperCase()) continue
    throw new Malformed(`yahoo answered for ${String(symbol)} instead of ${yahooSymbol}`, root)
  }
  const { beta, forwardPE } = defaultKeyStatistics ?? {}
  return {
    quoteType: price?.quoteType ?? quoteType?.quoteType ?? null,
    zone: quoteType?.timeZoneFullName ?? null,
    earnings: calendarEvents?.earnings?.earningsDate ?? [],
    profile: {
      companyName: price?.longName ?? price?.shortName ?? null,
      sector: assetProfile?.sector ?? null,
      industry: assetProfile?.industry ?? null,
      country: assetProfile?.country ?? null,
      exchange: price?.exchangeName ?? null,
      currency: price?.currency ?? null,
      marketCap: price?.marketCap ?? summaryDetail?.marketCap ?? null,
      enterpriseValue: defaultKeyStatistics?.enterpriseValue ?? null,
      peRatio: summaryDetail?.trailingPE ?? null,
      forwardPe: summaryDetail?.forwardPE ?? forwardPE ?? null,
      psRatio: summaryDetail?.priceToSalesTrailing12Months ?? null,
      pbRatio: defaultKeyStatistics?.priceToBook ?? null,
      dividendYield: summaryDetail?.dividendYield ?? null,
      beta: summaryDetail?.beta ?? beta ?? null,
      week52High: summaryDetail?.fiftyTwoWeekHigh ?? null,
      week52Low: summaryDetail?.fiftyTwoWeekLow ?? null,
    },
  }
}
