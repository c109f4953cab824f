import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { sessionsBack } from '../../src/calendar/index.ts'
import { EVERYTHING, notifyDataChange, type SymbolCache } from '../../src/symbol-cache/index.ts'
import type { Ticker } from '../../src/symbols/index.ts'
import { openFailingDatabase } from '../batch/failing-database.ts'
import { until } from '../harness/until.ts'
import { CacheWorld, explosiveDatabase, hasSettled, SYMBOLS, TODAY } from './cache-world.ts'

let world: CacheWorld
beforeAll(async () => {
  world = await CacheWorld.create()
})
afterEach(() => world.stopCaches())
afterAll(() => world[Symbol.asyncDispose]())

const RANGE = { symbols: SYMBOLS, from: sessionsBack(TODAY, 20), to: TODAY }
const [AAA = '' as Ticker] = SYMBOLS

async function everything(cache: SymbolCache) {
  return {
    prices: await cache.latestPrices(SYMBOLS),
    history: await cache.priceHistory(RANGE),
    factors: await cache.factors(TODAY, SYMBOLS.slice(0, 2)),
  }
}
const closeOf = async (cache: SymbolCache, symbol: Ticker) =>
  (await cache.latestPrices([symbol])).get(symbol)?.close

describe('a symbol cache', () => {
  test('answers the same from the database, before it is loaded, as from memory afterwards', async () => {
    const { database, explode } = explosiveDatabase(world.store.database)
    const cache = world.cache({ database })
    const before = await everything(cache)
    expect(cache.status()).toMatchObject({ isLoaded: false, hits: 0, fallbacks: 8 })
    expect(before.prices.get(AAA)).toEqual({ date: TODAY, close: 450 })
    expect(before.history.events).toHaveLength(2)
    expect(before.factors.get(AAA)).toHaveLength(13)

    cache.start()
    await hasSettled(cache)
    explode()
    expect(await everything(cache)).toEqual(before)
    expect(cache.status()).toMatchObject({ isLoaded: true, symbols: 3, hits: 8, fallbacks: 8 })
  })

  test('asks the database for what it does not hold', async () => {
    const cache = await world.loadedCache()
    const older = sessionsBack(TODAY, 349)
    const panel = await cache.priceHistory({ symbols: [AAA], from: older, to: TODAY })
    expect(panel.close[0]).toBe(101)
    expect(await cache.latestPrices(['NONE' as Ticker])).toEqual(new Map())
    expect(await cache.factors(sessionsBack(TODAY, 1), [AAA])).toEqual(new Map())
    expect(cache.status()).toMatchObject({ hits: 0, fallbacks: 3 })
  })

  test('is told of new data in every process, and serves the old until the new is whole', async () => {
    await world.setClose(SYMBOLS, 500)
    const caches = [await world.loadedCache(), await world.loadedCache()]
    const versions = caches.map((cache) => cache.symbolsVersion())
    for (let close = 501; close <= 505; close++) {
      await world.setClose(SYMBOLS, close)
      await notifyDataChange(world.db, EVERYTHING)
      for (const cache of caches) {
        await until(`the close ${close}`, async () => {
          const prices = [...(await cache.latestPrices(SYMBOLS)).values()]
          expect(new Set(prices.map((price) => price.close)).size).toBe(1)
          return prices[0]?.close === close
        })
      }
    }
    for (const [i, cache] of caches.entries()) expect(cache.symbolsVersion()).not.toBe(versions[i])
  })

  test('reads again only the symbols a message names, and takes in new ones', async () => {
    const cache = await world.loadedCache()
    const before = await closeOf(cache, 'BBB' as Ticker)
    await world.setClose(['AAA', 'BBB'], 611)
    await sql`
      insert into market_data_cache (symbol, date, close, dividend, data_source)
      values ('AAB', ${TODAY}, 7, 0.25, 'file')
    `.execute(world.db)
    const { refreshes } = cache.status()
    await notifyDataChange(world.db, { symbols: ['AAB', 'AAA'] as Ticker[], portfolios: [] })
    await until('new data', () => cache.status().refreshes > refreshes)
    expect(await closeOf(cache, AAA)).toBe(611)
    expect(await closeOf(cache, 'AAB' as Ticker)).toBe(7)
    expect(await closeOf(cache, 'BBB' as Ticker)).toBe(before)
    const { events } = await cache.priceHistory({ ...RANGE, symbols: ['AAB', 'BBB'] as Ticker[] })
    expect(events).toMatchObject([
      { symbolIndex: 0, sessionIndex: 20, dividend: 0.25 },
      { symbolIndex: 1, sessionIndex: 10, dividend: 0.5 },
    ])
    expect(cache.status()).toMatchObject({ symbols: 4, fallbacks: 0 })
  })

  test('reads nothing again when portfolios were computed; their own answers alone are out of date', async () => {
    const cache = await world.loadedCache()
    const { refreshes } = cache.status()
    const symbols = cache.symbolsVersion()
    const [before, other] = [cache.portfolioVersion('one'), cache.portfolioVersion('other')]
    await notifyDataChange(world.db, { symbols: [], portfolios: ['one', 'two'] })
    await until('a new version of one portfolio', () => cache.portfolioVersion('one') !== before)
    expect(cache.portfolioVersion('other')).toBe(other)
    await notifyDataChange(world.db, { symbols: [], portfolios: 'all' })
    await until('a new version of all', () => cache.portfolioVersion('other') !== other)
    expect(cache.status()).toMatchObject({ refreshes, isRefreshing: false })
    expect(cache.symbolsVersion()).toBe(symbols)
  })

  test('leaves what was computed of portfolios as it is when symbols are new', async () => {
    const cache = await world.loadedCache()
    const [portfolios, symbols] = [cache.portfolioVersion('one'), cache.symbolsVersion()]
    await notifyDataChange(world.db, { symbols: 'all', portfolios: [] })
    await until('new symbols', () => cache.symbolsVersion() !== symbols)
    expect(cache.portfolioVersion('one')).toBe(portfolios)
  })

  test('says that all portfolios may be new when a message has no room for their names', async () => {
    const cache = await world.loadedCache()
    const before = cache.portfolioVersion('one')
    const many = Array.from({ length: 300 }, () => randomUUID())
    await notifyDataChange(world.db, { symbols: [], portfolios: many })
    await until('a new version of one portfolio', () => cache.portfolioVersion('one') !== before)
  })

  test('holds the factors of the session before until the portfolios follow', async () => {
    const earlier = sessionsBack(TODAY, 1)
    await sql`
      insert into symbol_factor_exposures
        (symbol, factor_id, calculation_date, beta_value, calculation_method)
      select 'AAA', id, ${earlier}, 0.5, calculation_method from factor_definitions
    `.execute(world.db)
    await world.batchDone(earlier)
    const cache = await world.loadedCache()
    for (const date of [earlier, TODAY]) {
      expect((await cache.factors(date, [AAA])).get(AAA)).toHaveLength(13)
    }
    expect(cache.status()).toMatchObject({ factorsDate: TODAY, hits: 2, fallbacks: 0 })
  })

  test('finds out by the version stamp when a message was lost', async () => {
    const cache = await world.loadedCache({ stampCheckMs: 10 })
    await world.setClose(SYMBOLS, 700)
    await world.batchDone()
    const { notifications } = cache.status()
    await until('the close 700', async () => (await closeOf(cache, AAA)) === 700)
    expect(cache.status().notifications).toBe(notifications)
  })

  test('finds out by the stamp of the portfolios when their message was lost, once', async () => {
    const cache = await world.loadedCache({ stampCheckMs: 10 })
    const [version, symbols] = [cache.portfolioVersion('one'), cache.symbolsVersion()]
    await world.refreshDone()
    await until('a new version', () => cache.portfolioVersion('one') !== version)
    await until('versions that stand still', async () => {
      const seen = cache.portfolioVersion('one')
      await sleep(50)
      return cache.portfolioVersion('one') === seen
    })
    expect(cache.symbolsVersion()).toBe(symbols)
  })

  test('connects again when the connection it listens on is lost, and reads everything again', async () => {
    const cache = await world.loadedCache()
    const before = cache.portfolioVersion('any')
    await world.setClose(SYMBOLS, 800)
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'sigmasight-listen'
    `.execute(world.db)
    // Nothing was said of the new close: only who connects again reads it.
    await until('the close 800', async () => (await closeOf(cache, AAA)) === 800)
    await until('a new connection', () => cache.status().isListening)
    expect(cache.portfolioVersion('any')).not.toBe(before)
  })

  test('goes on by the database when loading fails, and tries again', async () => {
    await using database = openFailingDatabase(world.store.url, 3, '57014')
    const cache = world.cache({ database, listenUrl: 'postgres://127.0.0.1:1/nowhere' })
    cache.start()
    await until('the failure', () => cache.status().failures === 1)
    expect(cache.status().isLoaded).toBe(false)
    expect(await closeOf(cache, AAA)).toBeDefined()
    await until('a cache that has loaded', () => cache.status().isLoaded)
    expect(cache.status().failures).toBe(1)
    await world.stopCaches()
  })

  test('takes a message it cannot read for news of everything', async () => {
    const cache = await world.loadedCache()
    await world.setClose(SYMBOLS, 900)
    await sql`select pg_notify('sigmasight_data', 'no json')`.execute(world.db)
    await until('the close 900', async () => (await closeOf(cache, AAA)) === 900)
  })
})
