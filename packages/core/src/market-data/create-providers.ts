import { effectiveDate } from '../calendar/index.ts'
import type { Clock } from '../clock/clock.ts'
import type { Config, ProviderName, ProviderOrder } from '../config/index.ts'
import type { Database } from '../database/index.ts'
import type { Logger } from '../logging/index.ts'
import type { CallGate } from './calls/call-gate.ts'
import { createCallGate } from './calls/create-call-gate.ts'
import type { MarketDataProvider } from './provider.ts'
import { createProviderChain, type ProviderChain } from './provider-chain.ts'
import { createFileProvider } from './providers/file/create-file-provider.ts'
import { createSyntheticMarket } from './providers/synthetic/create-synthetic-market.ts'
import { selectLaterSplits } from './store/select-later-splits.ts'

/** What the adapters obey of the configuration. */
export type ProviderSettings = Pick<
  Config,
  | 'priceFilePath'
  | 'yahooBaseUrl'
  | 'yahooConcurrency'
  | 'yahooRatePerMinute'
  | 'polygonApiKey'
  | 'polygonBaseUrl'
  | 'polygonRatePerMinute'
  | 'providerTimeoutSeconds'
  | 'providerMaxRetries'
  | 'priceFetchConcurrency'
  | 'marketSettleMinutes'
  | 'symbolBatchTimeoutSeconds'
> & {
  readonly order: ProviderOrder
  /** Whether the good rows of a file with bad ones are used. */
  readonly skipBadRows: boolean
}

/** What the adapters get from the program. */
export interface ProviderPorts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  readonly fetch: typeof fetch
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/** The seed of the demo's market; another one would be another market. */
export const DEMO_SEED = 20_240_601

/** What of a run's time its calls may take: the rest is for computing and writing. */
const SHARE_OF_TIME = 0.8
/** What of a run's time waiting for a troubled provider may take. */
const SHARE_OF_WAITING = 0.1
/** A provider that fails so often in a row is left alone for a while. */
const BREAKER = { failures: 5, coolDownMs: 60_000 } as const

/**
 * Makes the providers that the settings name, each with a gate of its own, and chains them. A gate's
 * budget is the number of calls that its rate allows in the time a run may take.
 *
 * @throws ConfigError when one cannot be used
 */
export async function createProviders(
  settings: ProviderSettings,
  ports: ProviderPorts,
): Promise<ProviderChain> {
  const gates = new Map<string, CallGate>()
  const gate = (name: 'yahoo' | 'polygon'): CallGate => {
    const created = gateOf(name, settings, ports)
    gates.set(name, created)
    return created
  }
  const { equities, options } = settings.order
  const made = new Map<ProviderName, MarketDataProvider>()
  for (const name of new Set([...equities, ...options])) {
    made.set(name, await createProvider(name, settings, { ...ports, gate }))
  }
  const listed = (names: readonly ProviderName[]) =>
    names.map((name) => made.get(name)).filter((provider) => provider !== undefined)
  const lists = { equities: listed(equities), options: listed(options) }
  return createProviderChain(lists, gates)
}

/** The vendors' client libraries are loaded only where they are asked. */
async function createProvider(
  name: ProviderName,
  settings: ProviderSettings,
  ports: ProviderPorts & { readonly gate: (name: 'yahoo' | 'polygon') => CallGate },
): Promise<MarketDataProvider> {
  const { clock, log } = ports
  switch (name) {
    case 'file': {
      const { priceFilePath, skipBadRows } = settings
      return createFileProvider({ path: priceFilePath ?? '', skipBadRows, log })
    }
    case 'synthetic':
      return createSyntheticMarket({ seed: DEMO_SEED })
    case 'yahoo': {
      const { createYahooProvider } = await import('./providers/yahoo/create-yahoo-provider.ts')
      return createYahooProvider({
        ...ports,
        baseUrl: settings.yahooBaseUrl,
        gate: ports.gate(name),
        laterSplits: (symbol, after) => {
          const effective = effectiveDate(clock.now(), settings.marketSettleMinutes)
          const range = { after, effectiveDate: effective }
          return selectLaterSplits(ports.database.db, symbol, range)
        },
      })
    }
    case 'polygon': {
      const { createPolygonProvider } =
        await import('./providers/polygon/create-polygon-provider.ts')
      return createPolygonProvider({
        apiKey: settings.polygonApiKey ?? '',
        baseUrl: settings.polygonBaseUrl,
        gate: ports.gate(name),
        clock,
        log,
      })
    }
  }
}

function gateOf(
  name: 'yahoo' | 'polygon',
  settings: ProviderSettings,
  ports: ProviderPorts,
): CallGate {
  const { priceFetchConcurrency, symbolBatchTimeoutSeconds } = settings
  const isYahoo = name === 'yahoo'
  const startsPerMinute = isYahoo ? settings.yahooRatePerMinute : settings.polygonRatePerMinute
  const own = isYahoo ? settings.yahooConcurrency : priceFetchConcurrency
  const gate = {
    provider: name,
    concurrency: Math.min(own, priceFetchConcurrency),
    startsPerMinute,
    timeoutMs: settings.providerTimeoutSeconds * 1000,
    maxRetries: settings.providerMaxRetries,
    maxCalls: Math.ceil((SHARE_OF_TIME * startsPerMinute * symbolBatchTimeoutSeconds) / 60),
    maxRetryWaitMs: SHARE_OF_WAITING * symbolBatchTimeoutSeconds * 1000,
    breaker: BREAKER,
  }
  return createCallGate(gate, ports)
}
