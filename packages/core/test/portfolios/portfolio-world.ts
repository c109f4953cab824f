import { randomUUID } from 'node:crypto'
import { sql, type RawBuilder } from 'kysely'
import {
  runPortfolioRefresh,
  type PortfolioRunEnvironment,
  type RunRequest,
  type RunResult,
} from '../../src/batch/index.ts'
import type { RunObserver } from '../../src/batch/observer.ts'
import type { PortfolioSettings } from '../../src/batch/portfolio-settings.ts'
import { sessionClose } from '../../src/calendar/index.ts'
import { fixedClock } from '../../src/clock/index.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import { nightlyRequest, session, sessionsFrom } from '../batch/batch-world.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { PORTFOLIO_SETTINGS } from './portfolio-settings.ts'
import {
  barInsert,
  betaInsert,
  closingInsert,
  flowInsert,
  insertFacts,
  lotInsert,
  portfolioInsert,
  valuationInsert,
  type BarFact,
  type ClosingFact,
  type Facts,
  type FlowFact,
  type LotFact,
  type PortfolioFact,
} from './facts.ts'

export interface RefreshExtras {
  /** Instead of the world's own. */
  readonly database?: Database
  /** Otherwise the symbol batch of the target is done. */
  readonly withoutSymbolBatch?: boolean
  /** Instead of the defaults. */
  readonly settings?: Partial<PortfolioSettings>
}

/** Hours from the close to the run, as at night. */
const RUN_AFTER_CLOSE_HOURS = 4

/** Whatever belongs to a portfolio goes with it. */
const CLEARED = [
  'portfolios',
  'market_data_cache',
  'symbol_factor_exposures',
  'symbol_universe',
  'company_profiles',
  'daily_metrics',
  'batch_jobs',
  'batch_run_tracking',
  'batch_run_history',
]

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
}

const NOBODY: RunObserver = {
  phaseStarted: () => undefined,
  phaseProgress: () => undefined,
  phaseEnded: () => undefined,
}

/** A database of its own with a market and portfolios as the test writes them, refreshed evening by evening. */
export class PortfolioWorld implements AsyncDisposable {
  readonly store: TestDatabase
  readonly userId: string
  readonly #history: Database

  private constructor(store: TestDatabase, history: Database, userId: string) {
    this.store = store
    this.#history = history
    this.userId = userId
  }

  static async create(): Promise<PortfolioWorld> {
    const store = await createTestDatabase()
    const userId = await addUser(store)
    await sql`set synchronous_commit = off`.execute(store.database.db)
    const history = await openDatabase({
      url: store.url,
      poolMax: 1,
      applicationName: 'test-history',
    })
    return new PortfolioWorld(store, history, userId)
  }

  get db() {
    return this.store.database.db
  }

  /** Forgets everything but the owner: cheaper than another database. */
  async clear(): Promise<void> {
    for (const table of CLEARED) await sql`delete from ${sql.table(table)}`.execute(this.db)
  }

  /** Writes bars, with a beta of 1 on their dates, so that no run has a factor gap to fill. */
  async bars(symbol: string, days: Readonly<Record<string, BarFact | string>>): Promise<void> {
    for (const [date, bar] of Object.entries(days)) {
      const fact = typeof bar === 'string' ? { close: bar } : bar
      await barInsert(symbol, date, fact).execute(this.db)
    }
    await betaInsert(symbol, 1, Object.keys(days)).execute(this.db)
  }

  async portfolio(fact: Omit<PortfolioFact, 'lots' | 'flows'>): Promise<string> {
    const id = randomUUID()
    await portfolioInsert(this.userId, id, fact).statement.execute(this.db)
    return id
  }

  /** Enters a lot with its closings and valuations. */
  async lot(portfolioId: string, fact: LotFact): Promise<string> {
    const id = randomUUID()
    const { statement, then } = lotInsert(portfolioId, id, fact)
    await statement.execute(this.db)
    for (const next of then) await next.statement.execute(this.db)
    return id
  }

  async closing(portfolioId: string, lotId: string, fact: ClosingFact): Promise<void> {
    await closingInsert(portfolioId, lotId, fact).statement.execute(this.db)
  }

  async valuation(lotId: string, date: string, value: string): Promise<void> {
    await valuationInsert(lotId, date, value).statement.execute(this.db)
  }

  async flow(portfolioId: string, fact: FlowFact): Promise<void> {
    await flowInsert(portfolioId, fact).statement.execute(this.db)
  }

  async facts(facts: Facts, random?: () => number): Promise<void> {
    await insertFacts(this.db, this.userId, facts, random)
  }

  /** Says of sessions that their symbol batch is done. */
  async symbolBatchDone(...dates: readonly string[]): Promise<void> {
    await sql`
      insert into batch_run_tracking (batch_type, batch_date, status)
      select 'symbol_batch', day, 'completed' from unnest(${dates}::date[]) as day
      on conflict (batch_type, batch_date) do nothing
    `.execute(this.db)
  }

  /** What a run on the evening of a session gets. */
  environment(evening: string, settings: Partial<PortfolioSettings> = {}): PortfolioRunEnvironment {
    return {
      database: this.store.database,
      history: this.#history,
      lockUrl: this.store.url,
      clock: fixedClock(sessionClose(session(evening)).plus({ hours: RUN_AFTER_CLOSE_HOURS })),
      log: SILENT,
      signal: new AbortController().signal,
      observer: NOBODY,
      sleep: () => Promise.resolve(),
      settleMinutes: 30,
      timeoutSecondsPerDate: 1200,
      settings: { ...PORTFOLIO_SETTINGS, ...settings },
      wait: { maxMinutes: 0, pollSeconds: 1 },
    }
  }

  /** Runs on the evening of a session, with the symbol batch done; by default the full nightly run. */
  async refresh(
    evening: string,
    request: Partial<RunRequest> = {},
    { database, settings, withoutSymbolBatch = false }: RefreshExtras = {},
  ): Promise<RunResult> {
    const target = request.dates?.kind === 'range' ? request.dates.end : evening
    if (!withoutSymbolBatch) await this.symbolBatchDone(target)
    return runPortfolioRefresh(
      { ...this.environment(evening, settings), ...(database === undefined ? {} : { database }) },
      { ...nightlyRequest, jobType: 'portfolio_refresh', ...request },
    )
  }

  /** A run on the evening of each session from one to another; each must end without a warning. */
  async nights(from: string, to: string): Promise<void> {
    for (const evening of sessionsFrom(from, to)) {
      const { status, alerts } = await this.refresh(evening)
      if (status !== 'completed') throw new Error(`${evening}: ${status} ${alerts.join('; ')}`)
    }
  }

  /** The complete snapshots of a portfolio, oldest first: the given columns, dates and amounts as text. */
  async snapshots(
    portfolioId: string,
    ...columns: readonly string[]
  ): Promise<readonly string[][]> {
    const list = ['snapshot_date', ...columns].map((name) => sql`${sql.ref(name)}::text`)
    const { rows } = await sql<{ figures: string[] }>`
      select array[${sql.join(list)}] as figures from portfolio_snapshots
      where portfolio_id = ${portfolioId} and is_complete order by snapshot_date
    `.execute(this.db)
    return rows.map(({ figures }) => figures)
  }

  /** Sessions that have a complete snapshot of the portfolio. */
  async sessions(portfolioId: string): Promise<readonly string[]> {
    return (await this.snapshots(portfolioId)).map(([date]) => date ?? '')
  }

  /** Some columns of a lot as text. */
  async position(
    lotId: string,
    ...columns: readonly string[]
  ): Promise<readonly (string | null)[]> {
    const list = columns.map((name) => sql`${sql.ref(name)}::text`)
    const { rows } = await sql<{ figures: (string | null)[] }>`
      select array[${sql.join(list)}] as figures from positions where id = ${lotId}
    `.execute(this.db)
    return rows[0]?.figures ?? []
  }

  async rows<Row>(query: RawBuilder<Row>): Promise<readonly Row[]> {
    const { rows } = await query.execute(this.db)
    return rows
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#history[Symbol.asyncDispose]()
    await this.store.drop()
  }
}

/** The owner of all portfolios of a database. */
export async function addUser({ database }: Pick<TestDatabase, 'database'>): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into users (email, password_hash, full_name) values ('owner@example.com', '-', 'Owner')
    returning id
  `.execute(database.db)
  return rows[0]?.id ?? ''
}
