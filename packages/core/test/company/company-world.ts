import { sql } from 'kysely'
import type { DateTime } from 'luxon'
import type { SymbolContext } from '../../src/batch/symbol-context.ts'
import type { PhaseOutcome } from '../../src/batch/phase.ts'
import { companyProfilesPhase } from '../../src/batch/phases/company-profiles.ts'
import { fundamentalsPhase } from '../../src/batch/phases/fundamentals.ts'
import type { SymbolScope } from '../../src/batch/run-request.ts'
import { SymbolChunk } from '../../src/batch/symbol-chunk.ts'
import { sessionClose } from '../../src/calendar/index.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import type { Clock } from '../../src/clock/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import { createCompanySource } from '../../src/market-data/company-source.ts'
import { createProviderChain, type MarketDataProvider } from '../../src/market-data/index.ts'
import { insertPortfolio } from '../exposures/stored-facts.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

/** A lot, by default an open PUBLIC one of 10 shares. */
interface StoredLot {
  readonly symbol: string
  readonly investmentClass?: 'PUBLIC' | 'OPTIONS' | 'PRIVATE'
  readonly underlying?: string
  readonly expiration?: string
  readonly closed?: boolean
}

interface PhaseRunExtras {
  readonly scope?: SymbolScope
  readonly signal?: AbortSignal
  /** Instead of four hours after the close. */
  readonly clock?: Clock
  readonly progress?: (done: number, total: number) => void
}

const nothing = (): void => undefined
const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silent,
}

/** The evening of a session. */
export function evening(date: string): DateTime<true> {
  return sessionClose(date as SessionDate).plus({ hours: 4 })
}

/** A database of its own on which the phases about companies run, each on the evening of a session. */
export class CompanyWorld implements AsyncDisposable {
  readonly store: TestDatabase

  private constructor(store: TestDatabase) {
    this.store = store
  }

  /** The proxies that every night needs are indices here, so that nobody asks for them. */
  static async create(...symbols: readonly string[]): Promise<CompanyWorld> {
    const store = await createTestDatabase()
    const { db } = store.database
    await sql`
      insert into symbol_universe (symbol, asset_type)
      select unnest(${symbols}::text[]), 'equity' union all values ('SPY', 'index'), ('TLT', 'index')
    `.execute(db)
    return new CompanyWorld(store)
  }

  profiles(date: string, provider: MarketDataProvider | null, extras: PhaseRunExtras = {}) {
    return this.#run(companyProfilesPhase.run.bind(companyProfilesPhase), date, provider, extras)
  }

  fundamentals(date: string, provider: MarketDataProvider | null, extras: PhaseRunExtras = {}) {
    return this.#run(fundamentalsPhase.run.bind(fundamentalsPhase), date, provider, extras)
  }

  /** Stores a portfolio with lots; its id. */
  async hold(name: string, lots: readonly StoredLot[]): Promise<string> {
    const { database } = this.store
    const portfolioId = await insertPortfolio(database, name)
    for (const lot of lots) await this.#insertLot(portfolioId, lot)
    return portfolioId
  }

  async rows<Row = Readonly<Record<string, unknown>>>(query: string): Promise<readonly Row[]> {
    const { rows } = await sql.raw<Row>(query).execute(this.store.database.db)
    return rows
  }

  async row<Row = Readonly<Record<string, unknown>>>(query: string): Promise<Row | undefined> {
    return (await this.rows<Row>(query))[0]
  }

  /** Every row of a table with the version that is stored: another one after each write. */
  versions(table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.rows(`select xmin, * from ${table} order by symbol`)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.store.drop()
  }

  #run(
    phase: (context: SymbolContext) => Promise<PhaseOutcome>,
    date: string,
    provider: MarketDataProvider | null,
    { scope = { kind: 'universe' }, ...extras }: PhaseRunExtras,
  ): Promise<PhaseOutcome> {
    const { database } = this.store
    const session = date as SessionDate
    const chain = createProviderChain({ equities: [], options: [] })
    const now = evening(date)
    return phase({
      date: session,
      isFinalDate: true,
      completed: new Set(),
      log: silent,
      signal: new AbortController().signal,
      progress: nothing,
      batchRunId: '00000000-0000-0000-0000-000000000000',
      database,
      clock: { now: () => now },
      settings: { pricesMinCoverage: 0.5, quarantineReturn: 0.6 },
      effectiveDate: session,
      definitions: [],
      chunk: new SymbolChunk({ database, chain, scope, definitions: [], dates: [session] }),
      companies: createCompanySource(provider === null ? [] : [provider]),
      ...extras,
    })
  }

  async #insertLot(portfolioId: string, lot: StoredLot): Promise<void> {
    const { symbol, investmentClass = 'PUBLIC', underlying = null, expiration = null } = lot
    const { db } = this.store.database
    const { rows } = await sql<{ id: string }>`
      insert into positions (portfolio_id, symbol, position_type, investment_class, quantity, entry_price,
                             entry_date, quantity_basis_date, underlying_symbol, expiration_date)
      values (${portfolioId}, ${symbol}, ${investmentClass === 'OPTIONS' ? 'LC' : 'LONG'}, ${investmentClass},
              10, 100, '2024-01-02', '2024-01-02', ${underlying}, ${expiration})
      returning id
    `.execute(db)
    if (lot.closed !== true) return
    await sql`
      insert into position_realized_events (position_id, portfolio_id, trade_date, quantity_closed, exit_price)
      values (${rows[0]?.id}, ${portfolioId}, '2024-02-01', 10, 110)
    `.execute(db)
  }
}

/** So many symbols: S000, S001, ... */
export function manySymbols(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `S${String(i).padStart(3, '0')}`)
}
