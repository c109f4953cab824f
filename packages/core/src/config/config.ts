import type { DateTime } from 'luxon'
import type { LogLevel } from '../logging/index.ts'
import type { ProviderName } from './price-providers.ts'

/** The value of every variable; null = not set and without a default. */
export interface Settings {
  /** null = the embedded server. */
  readonly databaseUrl: string | null
  /** A way to the same database that keeps sessions; null = `databaseUrl` does. */
  readonly databaseDirectUrl: string | null
  readonly dbPoolMax: number
  readonly batchV2Enabled: boolean
  readonly environment: 'development' | 'production' | 'test'
  readonly logLevel: LogLevel
  readonly logFile: string | null
  /** The first one is asked first; see `providerOrder`. */
  readonly priceProviders: readonly ProviderName[]
  readonly optionPriceProviders: readonly ProviderName[]
  readonly priceFilePath: string | null
  /** Where Yahoo's calls go instead; null = to Yahoo. */
  readonly yahooBaseUrl: string | null
  readonly yahooConcurrency: number
  readonly yahooRatePerMinute: number
  readonly polygonApiKey: string | null
  readonly polygonBaseUrl: string
  readonly polygonRatePerMinute: number
  readonly providerTimeoutSeconds: number
  readonly providerMaxRetries: number
  readonly priceFetchConcurrency: number
  /** Minutes after the close from which a session's prices count as settled. */
  readonly marketSettleMinutes: number
  /** Share of due symbols, 0..1. */
  readonly pricesMinCoverage: number
  /** Absolute daily return: 0.6 = 60 %. */
  readonly quarantineReturn: number
  /** Of the interest-rate proxy, in years: +100 bp are a return of −D %. */
  readonly tltEffectiveDuration: number
  /** Share of gross, 0..1. */
  readonly correlationMinWeight: number
  /** Dollars. */
  readonly correlationMinValue: number
  /** Share of equity: 0.03 = 3 %. */
  readonly pnlRestAlert: number
  /** Continuously compounded, a fraction per year. */
  readonly riskFreeRate: number
  /** Share of a portfolio's lots, 0..1. */
  readonly analyticsMaxMissingShare: number
  /** Per date. */
  readonly symbolBatchTimeoutSeconds: number
  /** Per date. */
  readonly portfolioRefreshTimeoutSeconds: number
  readonly symbolBatchPollSeconds: number
  readonly portfolioRefreshConcurrency: number
  /** Share of the median number of symbols of the last runs, 0..1. */
  readonly symbolsMinShare: number
  readonly alertWebhookUrl: string | null
  readonly healthcheckPingUrl: string | null
  /** Where the API listens. */
  readonly port: number
  /** Signs the tokens of users; null = made up anew at each start, and refused in production. */
  readonly jwtSecret: string | null
  /** Web pages of these origins may call the API; null = none but its own. */
  readonly corsOrigins: readonly string[] | null
  /** Edits and uploads are refused; reads answer from the last complete snapshots. */
  readonly maintenanceMode: boolean
  readonly schedulerEnabled: boolean
  /** Unknown symbols that are fetched at once. */
  readonly symbolOnboardingConcurrency: number
  /** Unknown symbols that wait at most. */
  readonly symbolOnboardingMaxQueue: number
  /** After which a job that reports nothing no longer counts as running. */
  readonly batchTrackerTimeoutMinutes: number
  /** In UTC; null = the system's clock. */
  readonly now: DateTime<true> | null
}

/** The configuration of a program: frozen, complete, checked. */
export interface Config extends Settings {
  /** Names of the variables that the environment sets; the others have their defaults. */
  readonly setVariables: readonly string[]
}
