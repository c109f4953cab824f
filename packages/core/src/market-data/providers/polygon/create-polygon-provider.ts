import type { Logger } from '../../../logging/index.ts'
import type { Ticker } from '../../../symbols/ticker.ts'
import { failureOf } from '../../calls/failure-of.ts'
import { inParallel } from '../../calls/in-parallel.ts'
import { providerErrorOf } from '../../calls/provider-error-of.ts'
import type { BarOutcome, BarRequest, FetchOptions, MarketDataProvider } from '../../provider.ts'
import { fetchMarketDays } from './fetch-market-days.ts'
import { fetchSymbol } from './fetch-symbol.ts'
import { planCalls, type CallPlan } from './plan-calls.ts'
import { POLYGON, PolygonClient, type PolygonAccess } from './polygon-client.ts'
import { isServedByPolygon } from './polygon-ticker.ts'
import { ProblemList } from './problem-list.ts'

const SYMBOLS_UNDER_WAY = 8

export interface PolygonOptions extends PolygonAccess {
  readonly log: Pick<Logger, 'info'>
}

/**
 * Daily bars of US equities, ETFs and option contracts as traded, from the vendor's aggregates asked with
 * `adjusted=false`, with the splits and dividends of its reference lists on their ex-dates (0 and 1 where
 * a list has nothing). Every request is an outcome: `unknown_symbol`, `delisted` (also an option that
 * expired before the first day), `no_bars` (did not trade), or what went wrong with the call.
 *
 * `expectedCalls` is the plan that `dailyBars` follows, see `planCalls`: on top of it come retries,
 * further pages of a list, and up to two look-ups for an equity without any bar. All of them pass the
 * gate and its budget.
 */
export function createPolygonProvider(options: PolygonOptions): MarketDataProvider {
  return new PolygonProvider(options)
}

class PolygonProvider implements MarketDataProvider {
  readonly name = POLYGON
  readonly #options: PolygonOptions
  #problems = new ProblemList()

  constructor(options: PolygonOptions) {
    this.#options = options
  }

  servesDailyBars(symbol: Ticker): boolean {
    return isServedByPolygon(symbol)
  }

  expectedCalls(requests: readonly BarRequest[]): number {
    return this.#plan(requests).calls
  }

  problems(): readonly string[] {
    return this.#problems.texts()
  }

  async *dailyBars(
    requests: readonly BarRequest[],
    { signal }: FetchOptions,
  ): AsyncGenerator<BarOutcome> {
    signal.throwIfAborted()
    const plan = this.#plan(requests)
    const client = new PolygonClient(this.#options, signal)
    const problems = new ProblemList()
    this.#problems = problems
    this.#options.log.info(describe(plan), 'polygon_call_plan')
    yield* withoutCalls(plan)
    if (plan.byDate.length > 0) yield* fetchMarketDays(client, plan, problems)
    yield* inParallel(plan.bySymbol, SYMBOLS_UNDER_WAY, (request) =>
      outcomeOf(client, request, problems),
    )
  }

  #plan(requests: readonly BarRequest[]): CallPlan {
    return planCalls(requests, this.#options.clock.now())
  }
}

function describe({ calls, sessions, byDate, bySymbol }: CallPlan): object {
  return {
    calls,
    sessions: sessions.length,
    symbols_by_date: byDate.length,
    symbols_one_by_one: bySymbol.length,
  }
}

function* withoutCalls({ notServed, expired }: CallPlan): Generator<BarOutcome> {
  const failure = { ok: false, provider: POLYGON, retryable: false } as const
  for (const { symbol } of notServed) {
    const detail = `${POLYGON} has US equities, ETFs and options only`
    yield { ...failure, symbol, reason: 'unknown_symbol', detail }
  }
  for (const { symbol, from } of expired) {
    yield { ...failure, symbol, reason: 'delisted', detail: `expired before ${from}` }
  }
}

async function outcomeOf(
  client: PolygonClient,
  request: BarRequest,
  problems: ProblemList,
): Promise<BarOutcome> {
  const { symbol, from, to } = request
  const failure = { ok: false, symbol, provider: POLYGON } as const
  try {
    const bars = await fetchSymbol(client, request, problems)
    if (bars.length > 0) return { ok: true, symbol, provider: POLYGON, bars }
    const detail = `did not trade from ${from} to ${to}`
    return { ...failure, reason: 'no_bars', detail, retryable: false }
  } catch (thrown) {
    client.signal.throwIfAborted()
    return { ...failure, ...failureOf(providerErrorOf(POLYGON, thrown)) }
  }
}
