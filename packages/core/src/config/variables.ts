import { LOG_LEVELS, maskSecrets } from '../logging/index.ts'
import type { Settings } from './config.ts'
import { namesProvider, providerList } from './price-providers.ts'
import {
  decimal,
  flag,
  httpUrl,
  instant,
  integer,
  longSecret,
  oneOf,
  originList,
  path,
  postgresUrl,
  secret,
  type Rule,
} from './rule.ts'

/** The given text of a variable by its name; null when unset or empty. */
export type GivenText = (name: string) => string | null

/** Everything there is to say about one variable; the parser, `ops env` and `.env.example` all read it. */
export interface Variable {
  readonly name: string
  readonly rule: Rule<unknown>
  /** As one would write it; null = none, and the setting is null when the variable is unset. */
  readonly default: string | null
  /** What it does, in whole sentences. */
  readonly comment: string
  /** Hides what must not be shown; also keeps the value out of error messages. */
  readonly mask?: (text: string) => string
  /** When the variable must be set. */
  readonly required?: { readonly when: string; readonly test: (given: GivenText) => boolean }
}

/** A variable whose rule and default fit the type of its setting. */
interface VariableOf<T> extends Variable {
  readonly rule: Rule<NonNullable<T>>
  readonly default: null extends T ? null : string
}

/** Every variable that has an effect. */
export const VARIABLES: { readonly [Key in keyof Settings]: VariableOf<Settings[Key]> } = {
  databaseUrl: {
    name: 'DATABASE_URL',
    rule: postgresUrl,
    default: null,
    comment: 'The database. Unset: an embedded PostgreSQL is started, for development and demos.',
    mask: maskSecrets,
    required: {
      when: 'ENVIRONMENT=production or on Railway',
      test: (given) =>
        given('ENVIRONMENT') === 'production' || given('RAILWAY_ENVIRONMENT') !== null,
    },
  },
  databaseDirectUrl: {
    name: 'DATABASE_DIRECT_URL',
    rule: postgresUrl,
    default: null,
    comment: 'The same database past a transaction pooler, for the locks. Unset: DATABASE_URL.',
    mask: maskSecrets,
  },
  dbPoolMax: {
    name: 'DB_POOL_MAX',
    rule: integer(1, 200),
    default: '10',
    comment: 'Most connections that one process opens.',
  },
  batchV2Enabled: {
    name: 'BATCH_V2_ENABLED',
    rule: flag,
    default: 'false',
    comment: 'The master switch: true = symbol batch and portfolio refresh apart; false = legacy.',
  },
  environment: {
    name: 'ENVIRONMENT',
    rule: oneOf(['development', 'production', 'test']),
    default: 'development',
    comment: 'Production logs JSON lines and insists on DATABASE_URL.',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    rule: oneOf(LOG_LEVELS),
    default: 'info',
    comment: 'The least important events that are logged.',
  },
  logFile: {
    name: 'LOG_FILE',
    rule: path,
    default: null,
    comment:
      'Logs JSON lines here as well: run.log leads to run.1.log, run.2.log, ..., 10 MB each, five kept.',
  },
  priceProviders: {
    name: 'PRICE_PROVIDERS',
    rule: providerList,
    default: 'yahoo,polygon',
    comment:
      'Who is asked for prices, the first one first; one that answers the same with a tenth of the calls goes before. Polygon is left out of the default without POLYGON_API_KEY.',
  },
  optionPriceProviders: {
    name: 'OPTION_PRICE_PROVIDERS',
    rule: providerList,
    default: 'polygon',
    comment:
      'Who is asked for prices of option contracts; after them file and synthetic, if PRICE_PROVIDERS names them.',
  },
  priceFilePath: {
    name: 'PRICE_FILE_PATH',
    rule: path,
    default: null,
    comment: 'The CSV file, or the folder of CSV files, that the file provider reads.',
    required: {
      when: 'PRICE_PROVIDERS names file',
      test: (given) => namesProvider(given, 'file'),
    },
  },
  yahooBaseUrl: {
    name: 'YAHOO_BASE_URL',
    rule: httpUrl,
    default: null,
    comment: 'Where to send the calls for Yahoo instead, for drills (ops fake-market) and proxies.',
  },
  yahooConcurrency: {
    name: 'YAHOO_CONCURRENCY',
    rule: integer(1, 50),
    default: '4',
    comment: 'Most calls to Yahoo under way at once.',
  },
  yahooRatePerMinute: {
    name: 'YAHOO_RATE_PER_MINUTE',
    rule: integer(1, 100_000),
    default: '120',
    comment: 'Most calls to Yahoo started within any 60 seconds.',
  },
  polygonApiKey: {
    name: 'POLYGON_API_KEY',
    rule: secret,
    default: null,
    comment: 'The key for Polygon (Massive); without one it is not asked.',
    mask: () => '[redacted]',
    required: {
      when: 'PRICE_PROVIDERS or OPTION_PRICE_PROVIDERS names polygon',
      test: (given) => namesProvider(given, 'polygon'),
    },
  },
  polygonBaseUrl: {
    name: 'POLYGON_BASE_URL',
    rule: httpUrl,
    default: 'https://api.polygon.io',
    comment: 'Where Polygon listens.',
  },
  polygonRatePerMinute: {
    name: 'POLYGON_RATE_PER_MINUTE',
    rule: integer(1, 100_000),
    default: '5',
    comment: 'Most calls to Polygon started within any 60 seconds; the free plan allows 5.',
  },
  providerTimeoutSeconds: {
    name: 'PROVIDER_TIMEOUT_SECONDS',
    rule: integer(1, 600),
    default: '30',
    comment: 'How long one call to a provider may take, its body included.',
  },
  providerMaxRetries: {
    name: 'PROVIDER_MAX_RETRIES',
    rule: integer(0, 10),
    default: '3',
    comment: 'How often a call is tried again after a rate limit, a 5xx or a network error.',
  },
  priceFetchConcurrency: {
    name: 'PRICE_FETCH_CONCURRENCY',
    rule: integer(1, 100),
    default: '5',
    comment: 'Most calls under way at once to any one provider.',
  },
  marketSettleMinutes: {
    name: 'MARKET_SETTLE_MINUTES',
    rule: integer(0, 720),
    default: '30',
    comment: 'Minutes after the close from which the prices of a session count as settled.',
  },
  pricesMinCoverage: {
    name: 'PRICES_MIN_COVERAGE',
    rule: decimal(0, 1),
    default: '0.5',
    comment: 'Share of the due equities that must have a price, or the prices phase fails.',
  },
  quarantineReturn: {
    name: 'QUARANTINE_RETURN',
    rule: decimal(0.01, 100),
    default: '0.6',
    comment: 'A close this far from the last one (0.6 = 60 %) is not used until it is confirmed.',
  },
  tltEffectiveDuration: {
    name: 'TLT_EFFECTIVE_DURATION',
    rule: decimal(0.1, 100),
    default: '16.5',
    comment: 'Duration of the interest-rate proxy in years: what a shock to yields does to it.',
  },
  correlationMinWeight: {
    name: 'CORRELATION_MIN_WEIGHT',
    rule: decimal(0, 1),
    default: '0.01',
    comment: 'Smallest share of gross exposure with which a holding is correlated.',
  },
  correlationMinValue: {
    name: 'CORRELATION_MIN_VALUE',
    rule: decimal(0, 1_000_000_000),
    default: '10000',
    comment: 'Smallest market value in dollars with which a holding is correlated.',
  },
  pnlRestAlert: {
    name: 'PNL_REST_ALERT',
    rule: decimal(0, 10),
    default: '0.03',
    comment:
      'Share of equity (0.03 = 3 %) above which P&L that nothing explains is a sign of bad data.',
  },
  riskFreeRate: {
    name: 'RISK_FREE_RATE',
    rule: decimal(-0.1, 1),
    default: '0.045',
    comment: 'The rate that options are priced with and returns are compared with (0.045 = 4.5 %).',
  },
  analyticsMaxMissingShare: {
    name: 'ANALYTICS_MAX_MISSING_SHARE',
    rule: decimal(0, 1),
    default: '0.05',
    comment:
      'A portfolio of whose positions more than this share have no price has no analytics that night.',
  },
  symbolBatchTimeoutSeconds: {
    name: 'SYMBOL_BATCH_TIMEOUT_SECONDS',
    rule: integer(1, 86_400),
    default: '1500',
    comment: 'A symbol batch that takes longer, per date, stops itself as failed.',
  },
  portfolioRefreshTimeoutSeconds: {
    name: 'PORTFOLIO_REFRESH_TIMEOUT_SECONDS',
    rule: integer(1, 86_400),
    default: '1200',
    comment: 'A portfolio refresh that takes longer, per date, stops itself as failed.',
  },
  symbolBatchPollSeconds: {
    name: 'SYMBOL_BATCH_POLL_SECONDS',
    rule: integer(1, 3600),
    default: '15',
    comment: 'How often portfolio-refresh looks whether the symbol batch is done.',
  },
  portfolioRefreshConcurrency: {
    name: 'PORTFOLIO_REFRESH_CONCURRENCY',
    rule: integer(1, 100),
    default: '10',
    comment:
      'Groups of portfolios that portfolio-refresh has under way at once; each takes a connection while it is written, see DB_POOL_MAX.',
  },
  symbolsMinShare: {
    name: 'SYMBOLS_MIN_SHARE',
    rule: decimal(0, 1),
    default: '0.8',
    comment:
      'A symbol batch with fewer symbols than this share of the median of its last five is alarmed.',
  },
  alertWebhookUrl: {
    name: 'ALERT_WEBHOOK_URL',
    rule: httpUrl,
    default: null,
    comment: 'Where alerts go, as JSON that Slack and Discord read. Unset: to the log alone.',
    mask: () => '[redacted]',
  },
  healthcheckPingUrl: {
    name: 'HEALTHCHECK_PING_URL',
    rule: httpUrl,
    default: null,
    comment: "A dead man's switch of this program: pinged at the start, on success and on failure.",
    mask: () => '[redacted]',
  },
  port: {
    name: 'PORT',
    rule: integer(0, 65_535),
    default: '8080',
    comment: 'Where the API listens; 0 = any free port.',
  },
  jwtSecret: {
    name: 'JWT_SECRET',
    rule: longSecret(32),
    default: null,
    comment:
      'Signs the tokens of users. The API does not start in production without it; elsewhere one is made up at each start, and who was logged in logs in again.',
    mask: () => '[redacted]',
  },
  corsOrigins: {
    name: 'CORS_ORIGINS',
    rule: originList,
    default: null,
    comment: 'Web pages of these origins may call the API. Unset: none but its own.',
  },
  maintenanceMode: {
    name: 'MAINTENANCE_MODE',
    rule: flag,
    default: 'false',
    comment: 'true = edits and uploads are refused, reads answer from the last complete snapshots.',
  },
  schedulerEnabled: {
    name: 'SCHEDULER_ENABLED',
    rule: flag,
    default: 'false',
    comment: 'true = the API starts the nightly and weekly jobs itself, where no cron does.',
  },
  symbolOnboardingConcurrency: {
    name: 'SYMBOL_ONBOARDING_CONCURRENCY',
    rule: integer(1, 50),
    default: '3',
    comment: 'Symbols nobody held before that are fetched at once.',
  },
  symbolOnboardingMaxQueue: {
    name: 'SYMBOL_ONBOARDING_MAX_QUEUE',
    rule: integer(1, 10_000),
    default: '50',
    comment: 'Symbols nobody held before that wait to be fetched; more are picked up later.',
  },
  batchTrackerTimeoutMinutes: {
    name: 'BATCH_TRACKER_TIMEOUT_MINUTES',
    rule: integer(1, 1440),
    default: '30',
    comment: 'A job of the API that says nothing for so long no longer counts as running.',
  },
  now: {
    name: 'SIGMASIGHT_NOW',
    rule: instant,
    default: null,
    comment: 'Takes this for the present, for drills and tests. Unset: the clock of the system.',
  },
}
