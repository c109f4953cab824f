import { sql } from 'kysely'
import { sessionsBack, sessionsBetween } from '../../src/calendar/index.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { systemClock } from '../../src/clock/index.ts'
import type { Database } from '../../src/database/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import { SymbolCache, type SymbolCacheOptions } from '../../src/symbol-cache/index.ts'
import type { Ticker } from '../../src/symbols/index.ts'
import { session } from '../batch/batch-world.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { until } from '../harness/until.ts'

export const TODAY = session('2025-08-13')
export const SYMBOLS = ['AAA', 'BBB', 'CCC'] as Ticker[]

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
}

/** A database with bars and betas of three symbols, and caches over it. */
export class CacheWorld implements AsyncDisposable {
  readonly store: TestDatabase
  readonly #caches: SymbolCache[] = []

  private constructor(store: TestDatabase) {
    this.store = store
  }

  static async create(): Promise<CacheWorld> {
    const world = new CacheWorld(await createTestDatabase())
    await sql`insert into symbol_universe (symbol) select unnest(${SYMBOLS}::text[])`.execute(
      world.db,
    )
    const sessions = sessionsBetween(sessionsBack(TODAY, 349), TODAY)
    for (const [i, symbol] of SYMBOLS.entries()) {
      await sql`
        insert into market_data_cache (symbol, date, close, data_source)
        select ${symbol}, day, ${100 * (i + 1)} + n, 'file'
        from unnest(${sessions}::date[]) with ordinality as d (day, n)
      `.execute(world.db)
    }
    await sql`
      update market_data_cache set dividend = 0.5 where symbol = 'BBB' and date = ${sessionsBack(TODAY, 10)};
    `.execute(world.db)
    await sql`
      update market_data_cache set split_ratio = 2 where symbol = 'CCC' and date = ${sessionsBack(TODAY, 5)};
    `.execute(world.db)
    await sql`
      insert into symbol_factor_exposures
        (symbol, factor_id, calculation_date, beta_value, std_error, r_squared, calculation_method)
      select s, d.id, ${TODAY}, d.display_order + 0.25,
             case when d.calculation_method = 'provider' then null else 0.1 end, 0.5, d.calculation_method
      from unnest(${['AAA', 'BBB']}::text[]) s, factor_definitions d
    `.execute(world.db)
    await world.batchDone()
    return world
  }

  get db() {
    return this.store.database.db
  }

  /** Records that the symbol batch of a session is done, just now. */
  async batchDone(date = TODAY): Promise<void> {
    await this.#done('symbol_batch', date)
  }

  /** Records that all portfolios have the newest session, just now. */
  async refreshDone(): Promise<void> {
    await this.#done('portfolio_refresh', TODAY)
  }

  async #done(batchType: string, date: SessionDate): Promise<void> {
    await sql`
      insert into batch_run_tracking (batch_type, batch_date, status, completed_at)
      values (${batchType}, ${date}, 'completed', clock_timestamp())
      on conflict (batch_type, batch_date) do update set completed_at = excluded.completed_at
    `.execute(this.db)
  }

  async setClose(symbols: readonly string[], close: number): Promise<void> {
    await sql`
      update market_data_cache set close = ${close}
      where symbol = any(${symbols}::text[]) and date = ${TODAY}
    `.execute(this.db)
  }

  cache(
    options: Partial<Pick<SymbolCacheOptions, 'stampCheckMs' | 'database' | 'listenUrl'>> = {},
  ): SymbolCache {
    const cache = new SymbolCache({
      database: this.store.database,
      listenUrl: this.store.url,
      clock: systemClock(),
      log: SILENT,
      ...options,
    })
    this.#caches.push(cache)
    return cache
  }

  /** A cache that has loaded and listens. */
  async loadedCache(...options: Parameters<CacheWorld['cache']>): Promise<SymbolCache> {
    const cache = this.cache(...options)
    cache.start()
    await hasSettled(cache)
    return cache
  }

  async stopCaches(): Promise<void> {
    for (const cache of this.#caches.splice(0)) await cache.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopCaches()
    await this.store.drop()
  }
}

/** Waits until a cache has loaded, listens, and has nothing more to read. */
export async function hasSettled(cache: SymbolCache): Promise<void> {
  await until(
    'a cache that has loaded and listens',
    () => cache.status(),
    ({ isLoaded, isListening, isRefreshing }) => isLoaded && isListening && !isRefreshing,
  )
}

/** The given database until `explode` is called; from then on any use of it is an error. */
export function explosiveDatabase(database: Database): {
  database: Database
  explode: () => void
} {
  let isArmed = false
  const guarded = new Proxy(database, {
    get(target, name) {
      if (isArmed) throw new Error(`the database was touched: ${String(name)}`)
      return Reflect.get(target, name) as unknown
    },
  })
  return { database: guarded, explode: () => (isArmed = true) }
}
