import type { Clock } from '../../../clock/clock.ts'
import { coerceError } from '../../../errors/index.ts'
import type { Logger } from '../../../logging/index.ts'
import { isOptionTicker } from '../../../symbols/occ.ts'
import type { Ticker } from '../../../symbols/ticker.ts'
import type { CallGate } from '../../calls/call-gate.ts'
import { inParallel } from '../../calls/in-parallel.ts'
import { Unavailable } from '../../calls/provider-errors.ts'
import type { Fundamentals, Profile, SymbolOutcome } from '../../profile.ts'
import type { BarOutcome, BarRequest, FetchOptions, MarketDataProvider } from '../../provider.ts'
import type { LaterSplits } from './complete-splits.ts'
import { fetchBars } from './fetch-bars.ts'
import { fetchFundamentals } from './fetch-fundamentals.ts'
import { fetchProfiles, SYMBOLS_PER_QUOTE } from './fetch-profiles.ts'
import { IN_FLIGHT } from './in-flight.ts'
import { YahooClient } from './yahoo-client.ts'
import { toYahooError, yahooFailure } from './yahoo-errors.ts'
import { ZoneDates } from './zone-dates.ts'

const NAME = 'yahoo'
/** Cookie pages and the crumb itself, before the first call of profiles. */
const CALLS_FOR_CRUMB = 3
const CALLS_PER_FUNDAMENTALS = 2

export interface YahooProviderOptions {
  /** `YAHOO_BASE_URL`: every call goes there instead of to Yahoo's hosts; null = to those. */
  readonly baseUrl: string | null
  readonly gate: CallGate
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly log: Logger
  /** Asked only about answers that end before the last trade; what it throws fails that symbol. */
  readonly laterSplits: LaterSplits
}

/**
 * Yahoo by `yahoo-finance2`: equities, ETFs, funds and indices; no options.
 *
 * - Bars cost one call per symbol, whatever the days (see `fetchBars`); prices, volumes and dividends
 *   are turned back into those of the day (see `asTradedBars`).
 * - Profiles cost a call per hundred symbols and one per company (see `fetchProfiles`).
 * - Fundamentals cost two calls per symbol (see `fetchFundamentals`).
 *
 * The first call of profiles takes two or three more for cookies and crumb. Amounts are in the currency
 * and unit that Yahoo quotes in (pence for London).
 *
 * Errors: an outcome per symbol; throws the signal's reason when aborted and nothing else.
 */
export function createYahooProvider(options: YahooProviderOptions): MarketDataProvider {
  return new YahooProvider(options)
}

class YahooProvider implements MarketDataProvider {
  readonly name = NAME
  readonly #source

  constructor(options: YahooProviderOptions) {
    const { clock, log } = options
    const laterSplits: LaterSplits = async (symbol, after) => {
      try {
        return await options.laterSplits(symbol, after)
      } catch (thrown) {
        const { message } = coerceError(thrown)
        throw new Unavailable(`the known splits cannot be read: ${message}`, { cause: thrown })
      }
    }
    this.#source = {
      client: new YahooClient(options),
      clock,
      log,
      laterSplits,
      dates: new ZoneDates(),
    }
  }

  servesDailyBars(symbol: Ticker): boolean {
    return !isOptionTicker(symbol)
  }

  expectedCalls(requests: readonly BarRequest[]): number {
    return requests.filter(({ symbol }) => this.servesDailyBars(symbol)).length
  }

  expectedProfileCalls(symbols: number): number {
    return symbols === 0 ? 0 : Math.ceil(symbols / SYMBOLS_PER_QUOTE) + symbols + CALLS_FOR_CRUMB
  }

  expectedStatementCalls(symbols: number): number {
    return symbols * CALLS_PER_FUNDAMENTALS
  }

  dailyBars(requests: readonly BarRequest[], { signal }: FetchOptions): AsyncIterable<BarOutcome> {
    return inParallel(requests, IN_FLIGHT, async (request): Promise<BarOutcome> => {
      const outcome = { symbol: request.symbol, provider: NAME }
      if (!this.servesDailyBars(request.symbol)) {
        return { ok: false, ...outcome, ...NO_OPTIONS }
      }
      try {
        return { ok: true, ...outcome, bars: await fetchBars(this.#source, request, signal) }
      } catch (thrown) {
        signal.throwIfAborted()
        return { ok: false, ...outcome, ...yahooFailure(toYahooError(thrown), 'no_bars') }
      }
    })
  }

  async *profiles(
    symbols: readonly Ticker[],
    { signal }: FetchOptions,
  ): AsyncGenerator<SymbolOutcome<Profile>> {
    const asked = symbols.filter((symbol) => this.servesDailyBars(symbol))
    for await (const answer of fetchProfiles(this.#source, asked, signal)) {
      const outcome = { symbol: answer.symbol, provider: NAME }
      yield 'profile' in answer
        ? { ok: true, ...outcome, value: answer.profile }
        : { ok: false, ...outcome, ...yahooFailure(answer.error, 'no_data') }
    }
    for (const symbol of symbols) {
      if (this.servesDailyBars(symbol)) continue
      yield { ok: false, symbol, provider: NAME, ...NO_OPTIONS }
    }
  }

  fundamentals(
    symbols: readonly Ticker[],
    { signal }: FetchOptions,
  ): AsyncIterable<SymbolOutcome<Fundamentals>> {
    return inParallel(symbols, IN_FLIGHT, async (symbol): Promise<SymbolOutcome<Fundamentals>> => {
      const outcome = { symbol, provider: NAME }
      try {
        return {
          ok: true,
          ...outcome,
          value: await fetchFundamentals(this.#source, symbol, signal),
        }
      } catch (thrown) {
        signal.throwIfAborted()
        return { ok: false, ...outcome, ...yahooFailure(toYahooError(thrown), 'no_data') }
      }
    })
  }
}

const NO_OPTIONS = {
  reason: 'unknown_symbol',
  detail: 'yahoo is not asked about option contracts',
  retryable: false,
} as const
