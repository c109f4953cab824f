import type { Clock } from '../../../clock/clock.ts'
import type { Ticker } from '../../../symbols/ticker.ts'
import { inParallel } from '../../calls/in-parallel.ts'
import { Delisted, Malformed, UnknownSymbol } from '../../calls/provider-errors.ts'
import type { Profile } from '../../profile.ts'
import { IN_FLIGHT } from './in-flight.ts'
import { buildProfile } from './build-profile.ts'
import { readQuoteSummary, SUMMARY_MODULES } from './read-quote-summary.ts'
import { deadSymbols, QUOTE_FIELDS, readQuotes, type QuoteFacts } from './read-quotes.ts'
import type { YahooClient } from './yahoo-client.ts'
import { NothingServed, toYahooError, type YahooError } from './yahoo-errors.ts'
import { toYahooSymbol } from './yahoo-symbol.ts'
import type { ZoneDates } from './zone-dates.ts'

export interface ProfileSource {
  readonly client: YahooClient
  readonly clock: Clock
  readonly dates: ZoneDates
}

export type ProfileAnswer =
  | { readonly symbol: Ticker; readonly profile: Profile }
  | { readonly symbol: Ticker; readonly error: YahooError }

export const SYMBOLS_PER_QUOTE = 100
/** Kinds that have no sector, enterprise value or sales of their own: a quote says all there is. */
const TOLD_BY_QUOTE = new Set([
  'CRYPTOCURRENCY',
  'CURRENCY',
  'ETF',
  'FUTURE',
  'INDEX',
  'MUTUALFUND',
])

type QuoteAnswer = QuoteFacts | YahooError

/**
 * Profiles by quotes, a hundred symbols a call, and one summary for each company, whose sector, country,
 * enterprise value and sales quotes do not tell. Symbols that are unknown or no longer traded cost no
 * call of their own. A company without a summary has the profile that its quote gives; one whose summary
 * fails has none, so that it is asked again.
 *
 * Yields one answer per symbol. Throws the signal's reason when aborted.
 */
export async function* fetchProfiles(
  source: ProfileSource,
  symbols: readonly Ticker[],
  signal: AbortSignal,
): AsyncGenerator<ProfileAnswer> {
  for (let start = 0; start < symbols.length; start += SYMBOLS_PER_QUOTE) {
    const batch = symbols.slice(start, start + SYMBOLS_PER_QUOTE)
    const quotes = await fetchQuotes(source, batch, signal)
    yield* inParallel([...quotes], IN_FLIGHT, ([symbol, quote]) =>
      profileOf(source, symbol, quote, signal),
    )
  }
}

async function profileOf(
  source: ProfileSource,
  symbol: Ticker,
  quote: QuoteAnswer,
  signal: AbortSignal,
): Promise<ProfileAnswer> {
  if (quote instanceof Error) return { symbol, error: quote }
  try {
    const isTold = quote.quoteType !== null && TOLD_BY_QUOTE.has(quote.quoteType)
    const summary = isTold ? null : await fetchSummary(source, symbol, signal)
    const answers = summary === null ? [quote] : [summary, quote]
    const profile = buildProfile(answers, source.clock.now(), source.dates)
    return profile === null
      ? { symbol, error: new NothingServed('yahoo has nothing about it') }
      : { symbol, profile }
  } catch (thrown) {
    signal.throwIfAborted()
    return { symbol, error: toYahooError(thrown) }
  }
}

/** What one call says of each symbol: its quote, or why there is none. */
async function fetchQuotes(
  { client }: ProfileSource,
  symbols: readonly Ticker[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Ticker, QuoteAnswer>> {
  const names = new Map(symbols.map((symbol) => [symbol, toYahooSymbol(symbol)]))
  let dead: ReadonlySet<string> = new Set()
  try {
    const answer = await client.ask(
      (yahoo, options) =>
        yahoo.quote([...names.values()], { fields: [...QUOTE_FIELDS], return: 'array' }, options),
      { signal, inspect: (served) => (dead = deadSymbols(served)) },
    )
    const quotes = readQuotes(answer)
    const asked = new Set(names.values())
    const stranger = [...quotes.keys()].find((name) => !asked.has(name))
    return new Map(
      [...names].map(([symbol, name]) => [
        symbol,
        quotes.get(name) ?? absence(name, dead, stranger),
      ]),
    )
  } catch (thrown) {
    signal.throwIfAborted()
    const error = toYahooError(thrown)
    return new Map(symbols.map((symbol) => [symbol, error]))
  }
}

function absence(
  name: string,
  dead: ReadonlySet<string>,
  stranger: string | undefined,
): YahooError {
  if (dead.has(name)) return new Delisted(`yahoo knows ${name} as no longer traded`)
  if (stranger === undefined) return new UnknownSymbol(`yahoo has no quote of ${name}`)
  return new Malformed(
    `yahoo answered for ${stranger}, which was not asked`,
    'quoteResponse.result',
  )
}

/** Null when Yahoo has no summary of the symbol. */
async function fetchSummary(
  { client }: ProfileSource,
  symbol: Ticker,
  signal: AbortSignal,
): Promise<QuoteFacts | null> {
  const name = toYahooSymbol(symbol)
  try {
    const answer = await client.ask(
      (yahoo, options) =>
        yahoo.quoteSummary(
          encodeURIComponent(name),
          { formatted: false, modules: [...SUMMARY_MODULES] },
          options,
        ),
      { signal },
    )
    return readQuoteSummary(answer, name)
  } catch (thrown) {
    if (thrown instanceof NothingServed) return null
    throw thrown
  }
}
