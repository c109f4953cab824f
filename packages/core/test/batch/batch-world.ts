import { sql } from 'kysely'
import {
  runLegacyBatch,
  runPortfolioRefresh,
  runSymbolBatch,
  type LegacyRunEnvironment,
  type RunRequest,
  type RunResult,
} from '../../src/batch/index.ts'
import type { RunObserver } from '../../src/batch/observer.ts'
import { sessionClose, sessionsBetween } from '../../src/calendar/index.ts'
import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import { fixedClock } from '../../src/clock/index.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import {
  createProviderChain,
  type MarketDataProvider,
  type ProviderChain,
} from '../../src/market-data/index.ts'
import { PORTFOLIO_SETTINGS } from '../portfolios/portfolio-settings.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export interface RunExtras {
  readonly signal?: AbortSignal
  readonly observer?: Partial<RunObserver>
  /** Instead of the world's own. */
  readonly providers?: readonly MarketDataProvider[]
  /** Instead of one of `providers`. */
  readonly chain?: ProviderChain
  /** Instead of the world's own. */
  readonly database?: Database
  readonly history?: Database
  readonly lockUrl?: string
  readonly lockWatchMs?: number
  readonly log?: Logger
  readonly timeoutSecondsPerDate?: number
}

/** Hours from the close to the run, as at night. */
const RUN_AFTER_CLOSE_HOURS = 4

export const session = (date: string): SessionDate => date as SessionDate

export function sessionsFrom(start: string, end: string): readonly SessionDate[] {
  return sessionsBetween(start as IsoDate, end as IsoDate)
}

/** A database of its own in which symbol batches run inside this process, each on the evening of a session. */
export class BatchWorld implements AsyncDisposable {
  readonly store: TestDatabase
  readonly lines: LogLine[] = []
  readonly #history: Database
  readonly #providers: readonly MarketDataProvider[]

  private constructor(
    store: TestDatabase,
    history: Database,
    providers: readonly MarketDataProvider[],
  ) {
    this.store = store
    this.#history = history
    this.#providers = providers
  }

  /** @param symbols what the universe holds besides the factor proxies */
  static async create(
    symbols: readonly string[],
    ...providers: readonly MarketDataProvider[]
  ): Promise<BatchWorld> {
    const store = await createTestDatabase()
    await neverWaitForTheDisk(store)
    const history = await openDatabase({
      url: store.url,
      poolMax: 1,
      applicationName: 'test-history',
    })
    await addToUniverse(store, symbols)
    return new BatchWorld(store, history, providers)
  }

  get db() {
    return this.store.database.db
  }

  /** Runs the symbol batch on the evening of a session; by default the full nightly run. */
  run(
    evening: string,
    request: Partial<RunRequest> = {},
    extras: RunExtras = {},
  ): Promise<RunResult> {
    return runSymbolBatch(this.#environment(evening, extras), { ...nightlyRequest, ...request })
  }

  /** Runs the portfolio refresh on the evening of a session. */
  refresh(
    evening: string,
    request: Partial<RunRequest> = {},
    extras: RunExtras = {},
  ): Promise<RunResult> {
    const whole = { ...nightlyRequest, jobType: 'portfolio_refresh', ...request } as const
    return runPortfolioRefresh(this.#environment(evening, extras), whole)
  }

  /** Runs the combined batch on the evening of a session. */
  runLegacy(evening: string, extras: RunExtras = {}): Promise<RunResult> {
    const request = { ...nightlyRequest, jobType: 'legacy_batch', mode: 'legacy' } as const
    return runLegacyBatch(this.#environment(evening, extras), request)
  }

  #environment(evening: string, extras: RunExtras): LegacyRunEnvironment {
    const now = sessionClose(session(evening)).plus({ hours: RUN_AFTER_CLOSE_HOURS })
    const providers = extras.providers ?? this.#providers
    const nobody: RunObserver = {
      phaseStarted: () => undefined,
      phaseProgress: () => undefined,
      phaseEnded: () => undefined,
    }
    return {
      database: extras.database ?? this.store.database,
      history: extras.history ?? this.#history,
      lockUrl: extras.lockUrl ?? this.store.url,
      ...(extras.lockWatchMs === undefined ? {} : { lockWatchMs: extras.lockWatchMs }),
      chain: extras.chain ?? createProviderChain({ equities: providers, options: providers }),
      clock: fixedClock(now),
      log: extras.log ?? recordingLogger(this.lines, {}),
      signal: extras.signal ?? new AbortController().signal,
      observer: { ...nobody, ...extras.observer },
      sleep: () => Promise.resolve(),
      settings: { ...PORTFOLIO_SETTINGS, pricesMinCoverage: 0.5, quarantineReturn: 0.6 },
      settleMinutes: 30,
      timeoutSecondsPerDate: extras.timeoutSecondsPerDate ?? 1500,
      wait: { maxMinutes: 0, pollSeconds: 1 },
    }
  }

  /** One run on each of these evenings. */
  async runEach(evenings: readonly string[]): Promise<readonly RunResult[]> {
    const results: RunResult[] = []
    for (const evening of evenings) results.push(await this.run(evening))
    return results
  }

  /** The rows of a query. */
  async rows<Row>(query: string): Promise<readonly Row[]> {
    const { rows } = await sql.raw<Row>(query).execute(this.db)
    return rows
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#history[Symbol.asyncDispose]()
    await this.store.drop()
  }
}

export const nightlyRequest: RunRequest = {
  jobType: 'symbol_batch',
  mode: 'v2',
  source: 'cron',
  triggeredBy: 'test',
  dates: { kind: 'target', target: null, backfill: true },
  reprocess: 'missing',
  force: false,
  retryFailedPhases: false,
  maxCatchup: 30,
  chunkDays: null,
  fromInception: false,
  scope: { kind: 'universe' },
  phases: null,
}

/** The explicit range from one session to another. */
export function range(start: string, end: string): Pick<RunRequest, 'dates'> {
  return { dates: { kind: 'range', start: session(start), end: session(end) } }
}

/** Adds symbols as an operator does. */
export async function addToUniverse(
  { database }: TestDatabase,
  symbols: readonly string[],
): Promise<void> {
  await sql`insert into symbol_universe (symbol) select unnest(${symbols}::text[])`.execute(
    database.db,
  )
}

/** Hundreds of runs commit thousands of times; the database of a test need not survive a power cut. */
async function neverWaitForTheDisk({ database, url }: TestDatabase): Promise<void> {
  const name = sql.id(new URL(url).pathname.slice(1))
  await sql`alter database ${name} set synchronous_commit = off`.execute(database.db)
  await sql`set synchronous_commit = off`.execute(database.db)
}

function recordingLogger(lines: LogLine[], context: Readonly<Record<string, unknown>>): Logger {
  const write =
    (level: LogLine['level']) =>
    (fields: object | string, message?: string): void => {
      if (typeof fields === 'string') lines.push({ level, message: fields, fields: context })
      else lines.push({ level, message: message ?? '', fields: { ...context, ...fields } })
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => recordingLogger(lines, { ...context, ...fields }),
  }
}
