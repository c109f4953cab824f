import { setTimeout as sleep } from 'node:timers/promises'
import { createTokens, type Tokens } from '@sigmasight/core/auth'
import { observeAll, type PortfolioRunEnvironment } from '@sigmasight/core/batch'
import type { Clock } from '@sigmasight/core/clock'
import { providerOrder, type Config } from '@sigmasight/core/config'
import { connect, lockUrlOf, type Database } from '@sigmasight/core/database'
import type { Logger } from '@sigmasight/core/logging'
import type { Onboarding } from '@sigmasight/core/onboarding'
import { PortfolioEditor } from '@sigmasight/core/portfolio-edits'
import { createBatchServices, type BatchServices } from './batch/create-batch-services.ts'
import { countCaches, createCaches, type Caches } from './cache/create-caches.ts'
import { PrometheusMetrics } from './metrics/prometheus-metrics.ts'
import { createOnboardingService } from './onboarding/create-onboarding-service.ts'

/** What lives as long as the server and is shared by requests. */
export interface Services {
  readonly tokens: Tokens
  /** Symbols and answers in memory. */
  readonly caches: Caches
  readonly metrics: PrometheusMetrics
  /** What runs of the portfolio layer inside this process need, whoever asks for them. */
  readonly portfolioRuns: PortfolioRunEnvironment
  /** Edits of portfolios, and what is computed again after them. */
  readonly edits: PortfolioEditor
  /** Batch work in programs of its own, and what is known of it. */
  readonly batch: BatchServices
  /** Uploads, and the queue of symbols that nobody held before. */
  readonly onboarding: Onboarding
}

export interface ServiceParts {
  readonly config: Config
  /** What tokens are signed with. */
  readonly secret: string
  /** What programs started by the services get. */
  readonly env: NodeJS.ProcessEnv
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  /** Aborts when the server stops. */
  readonly signal: AbortSignal
  /** What is to be closed when the server stops, in reverse, before the database. */
  readonly owned: AsyncDisposableStack
}

/**
 * Makes the services. Anything that takes time goes on in the background, so that the server listens at once.
 */
export async function createServices(parts: ServiceParts): Promise<Services> {
  const tokens = createTokens(parts.secret, parts.clock)
  const portfolioRuns = await portfolioRunsOf(parts)
  const edits = parts.owned.use(new PortfolioEditor(portfolioRuns))
  if (!parts.config.maintenanceMode) edits.start()
  const caches = await createCaches(parts)
  const { marketSettleMinutes: settleMinutes, symbolsMinShare } = parts.config
  const metrics = new PrometheusMetrics({ ...parts, settleMinutes, symbolsMinShare, caches })
  const batch = createBatchServices({ ...parts, countCache: () => countCaches(caches) })
  const { launcher } = batch
  const onboarding = createOnboardingService({
    ...parts,
    runs: portfolioRuns,
    launcher,
    caches,
    record: metrics.record,
  })
  return { tokens, caches, metrics, portfolioRuns, edits, batch, onboarding }
}

/** Connections for the history of runs, which no transaction of the work holds up. */
const HISTORY_CONNECTIONS = 2

async function portfolioRunsOf(parts: ServiceParts): Promise<PortfolioRunEnvironment> {
  const { config, database, clock, log, signal, owned } = parts
  const options = { applicationName: 'api-history', poolMax: HISTORY_CONNECTIONS }
  const history = owned.use(await connect(config, options))
  return {
    database,
    history,
    lockUrl: await lockUrlOf(config),
    clock,
    log: log.child({ module: 'batch' }),
    signal,
    observer: observeAll([]),
    sleep,
    settleMinutes: config.marketSettleMinutes,
    timeoutSecondsPerDate: config.portfolioRefreshTimeoutSeconds,
    settings: { ...config, hasOptionPrices: providerOrder(config).options.length > 0 },
    // Nobody who waits for an answer waits for a symbol batch.
    wait: { maxMinutes: 0, pollSeconds: config.symbolBatchPollSeconds },
  }
}
