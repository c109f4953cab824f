import { setTimeout } from 'node:timers/promises'
import { DateTime } from 'luxon'
import { fixedClock } from '../../../src/clock/index.ts'
import type { Logger } from '../../../src/logging/index.ts'
import { createCallGate } from '../../../src/market-data/calls/create-call-gate.ts'
import type { Fundamentals, Profile, SymbolOutcome } from '../../../src/market-data/profile.ts'
import type { MarketDataProvider } from '../../../src/market-data/provider.ts'
import type { LaterSplits } from '../../../src/market-data/providers/yahoo/complete-splits.ts'
import { createYahooProvider } from '../../../src/market-data/providers/yahoo/create-yahoo-provider.ts'
import type { Ticker } from '../../../src/symbols/ticker.ts'
import type { YahooServer } from './yahoo-server.ts'

export interface WorldOptions {
  /** The instant that is now. */
  readonly now: string
  readonly laterSplits?: LaterSplits
  readonly timeoutMs?: number
  readonly maxRetries?: number
  readonly fetch?: typeof fetch
}

export interface YahooWorld {
  readonly provider: MarketDataProvider
  /** Everything logged, as text. */
  readonly logged: string[]
}

/** The provider over the real client and gate, its calls going to a server of the test's own. */
export function yahooWorld(server: YahooServer, options: WorldOptions): YahooWorld {
  const logged: string[] = []
  const log = recordingLog(logged)
  const gate = createCallGate(
    {
      provider: 'yahoo',
      concurrency: 4,
      startsPerMinute: 1_000_000,
      timeoutMs: options.timeoutMs ?? 10_000,
      maxRetries: options.maxRetries ?? 0,
      maxCalls: null,
      maxRetryWaitMs: 0,
      breaker: { failures: 1000, coolDownMs: 1 },
    },
    {
      now: () => performance.now(),
      sleep: (ms, signal) => setTimeout(ms, undefined, { signal, ref: false }),
      random: () => 0,
      log,
    },
  )
  const provider = createYahooProvider({
    baseUrl: server.url,
    gate,
    clock: fixedClock(DateTime.fromISO(options.now, { zone: 'utc' }) as DateTime<true>),
    fetch: options.fetch ?? fetch,
    log,
    laterSplits: options.laterSplits ?? (() => Promise.resolve(null)),
  })
  return { provider, logged }
}

function recordingLog(logged: string[]): Logger {
  const note = (...said: unknown[]): void => {
    logged.push(JSON.stringify(said))
  }
  const log: Logger = { debug: note, info: note, warn: note, error: note, child: () => log }
  return log
}

const notAborted = (): AbortSignal => new AbortController().signal

export async function profilesOf(
  { provider }: YahooWorld,
  symbols: readonly string[],
): Promise<readonly SymbolOutcome<Profile>[]> {
  const outcomes = provider.profiles?.(symbols as Ticker[], { signal: notAborted() }) ?? []
  return Array.fromAsync(outcomes)
}

export async function fundamentalsOf(
  { provider }: YahooWorld,
  symbols: readonly string[],
): Promise<readonly SymbolOutcome<Fundamentals>[]> {
  const outcomes = provider.fundamentals?.(symbols as Ticker[], { signal: notAborted() }) ?? []
  return Array.fromAsync(outcomes)
}
