import { setImmediate } from 'node:timers/promises'
import type { DailyBar } from '../../src/market-data/bar.ts'
import type {
  BarFailureReason,
  BarOutcome,
  BarRequest,
  MarketDataProvider,
} from '../../src/market-data/provider.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

/** What a fake provider does with a symbol; a symbol without an entry is left out of its answer. */
export type Script = Readonly<Record<string, readonly DailyBar[] | BarFailureReason | Error>>

export interface FakeProvider extends MarketDataProvider {
  /** The symbols of each call, in order. */
  readonly calls: string[]
  readonly requests: BarRequest[]
}

/** A provider that answers from a script, with half of a call's answers out of order. */
export function fakeProvider(
  name: string,
  script: Script,
  serves = (_: Ticker) => true,
): FakeProvider {
  const calls: string[] = []
  const seen: BarRequest[] = []
  return {
    name,
    calls,
    requests: seen,
    servesDailyBars: serves,
    expectedCalls: (requests) => Math.ceil(requests.length / 2),
    async *dailyBars(requests) {
      calls.push(requests.map(({ symbol }) => symbol).join(' '))
      seen.push(...requests)
      for (const { symbol } of requests.toReversed()) {
        await setImmediate()
        const answer = script[symbol]
        if (answer instanceof Error) throw answer
        if (answer !== undefined) yield toOutcome(name, symbol, answer)
      }
    },
  }
}

function toOutcome(
  provider: string,
  symbol: Ticker,
  answer: readonly DailyBar[] | BarFailureReason,
): BarOutcome {
  if (typeof answer !== 'string') return { ok: true, symbol, provider, bars: answer }
  const retryable = answer === 'unavailable' || answer === 'rate_limited'
  return {
    ok: false,
    symbol,
    provider,
    reason: answer,
    detail: `${name(symbol)} refused`,
    retryable,
  }
}

function name(symbol: Ticker): string {
  return symbol.toLowerCase()
}
