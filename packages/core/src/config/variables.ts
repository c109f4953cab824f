import { LOG_LEVELS, maskSecrets } from '../logging/index.ts'
import type { Settings } from './config.ts'
import { providerList } from './price-providers.ts'
import { decimal, flag, instant, integer, oneOf, path, postgresUrl, type Rule } from './rule.ts'

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
    default: null,
    comment: 'Who is asked for prices, the first one first. Programs that need prices need it.',
  },
  priceFilePath: {
    name: 'PRICE_FILE_PATH',
    rule: path,
    default: null,
    comment: 'The CSV file, or the folder of CSV files, that the file provider reads.',
    required: {
      when: 'PRICE_PROVIDERS names file',
      test: (given) => /(?:^|,)\s*file\s*(?:,|$)/i.test(given('PRICE_PROVIDERS') ?? ''),
    },
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
  now: {
    name: 'SIGMASIGHT_NOW',
    rule: instant,
    default: null,
    comment: 'Takes this for the present, for drills and tests. Unset: the clock of the system.',
  },
}
