import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PortfolioRunEnvironment, SymbolRunEnvironment } from '@sigmasight/core/batch'
import { providerOrder, type Config } from '@sigmasight/core/config'
import { createProviders } from '@sigmasight/core/market-data'
import type { RecordMetric } from '@sigmasight/core/metrics'
import { createOnboarding, type Onboarding } from '@sigmasight/core/onboarding'
import type { RunLauncher } from '@sigmasight/core/run-launch'
import type { Caches } from '../cache/create-caches.ts'

export interface OnboardingServiceParts {
  readonly config: Config
  readonly runs: PortfolioRunEnvironment
  readonly launcher: RunLauncher
  readonly record: RecordMetric
  readonly caches: Pick<Caches, 'symbols'>
  readonly owned: AsyncDisposableStack
}

/** A symbol is given so long by the queue. */
const SECONDS_PER_SYMBOL = 60

/** Makes onboarding and begins to look for symbols that are lacking. */
export function createOnboardingService({
  config,
  runs,
  launcher,
  record,
  caches,
  owned,
}: OnboardingServiceParts): Onboarding {
  const onboarding = createOnboarding({
    runs,
    isV2: config.batchV2Enabled,
    prices: {
      held: () => {
        const { isRefreshing, loadedAt, refreshes } = caches.symbols.status()
        const { panel } = caches.symbols
        if (panel === null || loadedAt === null || isRefreshing) return null
        return { panel, edition: String(refreshes), readAt: loadedAt }
      },
    },
    symbolRuns: () => symbolRunsOf(config, runs),
    concurrency: config.symbolOnboardingConcurrency,
    maxQueue: config.symbolOnboardingMaxQueue,
    launch: (request, options) => launcher.launch(request, options),
    cancel: (batchRunId) => launcher.cancel(batchRunId),
    record,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  })
  owned.use(onboarding)
  if (!config.maintenanceMode) onboarding.start()
  return onboarding
}

async function symbolRunsOf(
  config: Config,
  runs: PortfolioRunEnvironment,
): Promise<SymbolRunEnvironment> {
  const { database, clock, log } = runs
  const order = providerOrder(config)
  const chain = await createProviders(
    { ...config, order, skipBadRows: false, symbolBatchTimeoutSeconds: SECONDS_PER_SYMBOL },
    {
      database,
      clock,
      log: log.child({ module: 'market_data' }),
      fetch,
      now: () => performance.now(),
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      random: () => randomInt(2 ** 32) / 2 ** 32,
    },
  )
  return { ...runs, chain, settings: config, timeoutSecondsPerDate: SECONDS_PER_SYMBOL }
}
