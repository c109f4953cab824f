import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createFileProvider } from '../../src/market-data/index.ts'
import type { RunResult } from '../../src/batch/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { hashResults } from '../harness/result-tables.ts'
import { BatchWorld, range, session, sessionsFrom } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'

const STOCKS = ['ALTO', 'LOOM']
const ALTO = 'ALTO' as Ticker
const DAYS = sessionsFrom('2025-07-07', '2025-07-18')
const [MON = '', TUE = '', WED = '', THU = '', FRI = '', MON_2 = ''] = DAYS
const ONLY_MONDAY = { dates: { kind: 'target', target: session(MON), backfill: true } } as const

const datesOf = (result: RunResult) => result.dates.map(({ date }) => date)

function tracked(world: BatchWorld) {
  return world.rows<{ date: string; status: string }>(
    'select batch_date as date, status from batch_run_tracking order by 1',
  )
}

function exposureDates(world: BatchWorld, symbol: string) {
  return world.rows<{ date: string }>(
    `select distinct calculation_date as date from symbol_factor_exposures where symbol = '${symbol}' order by 1`,
  )
}

describe('the sessions a run works on', () => {
  let market: ScriptedMarket
  beforeAll(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: '2025-07-31' })
  })
  afterAll(() => {
    market[Symbol.dispose]()
  })
  const newWorld = () => BatchWorld.create(STOCKS, market.provider())

  test('the first run takes one session; the next ones catch up on a gap; a further one finds nothing to do', async () => {
    await using world = await newWorld()
    expect(datesOf(await world.run(MON))).toEqual([MON])
    expect(datesOf(await world.run(THU))).toEqual([TUE, WED, THU])

    const idle = await world.run(THU)
    expect(idle).toMatchObject({
      status: 'completed',
      reason: 'nothing_to_do',
      batch_run_id: null,
      dates: [],
    })
    expect(await world.rows('select from batch_run_history')).toHaveLength(2)
    expect(await tracked(world)).toHaveLength(4)
  })

  test('a catch-up takes the newest sessions, says which it left out, and leaves them to be named', async () => {
    await using world = await newWorld()
    await world.run(MON)
    const cut = await world.run(FRI, { maxCatchup: 2 })
    expect(datesOf(cut)).toEqual([THU, FRI])
    expect(cut.alerts).toEqual([
      `2 older sessions without a completed run were left out by --max-catchup; run --start-date ${TUE} --end-date ${WED}`,
    ])
    expect(datesOf(await world.run(FRI, range(TUE, WED)))).toEqual([TUE, WED])
    expect(await tracked(world)).toEqual(
      [MON, TUE, WED, THU, FRI].map((date) => ({ date, status: 'completed' })),
    )
  })

  test('an earlier session done again later ends as if it had been done in its turn', async () => {
    await using outOfTurn = await newWorld()
    await outOfTurn.run(MON)
    await outOfTurn.run(FRI, { maxCatchup: 1 })
    await outOfTurn.run(FRI)
    await using inTurn = await newWorld()
    await inTurn.runEach([MON, TUE, WED, THU, FRI])
    expect(await hashResults(outOfTurn.db)).toEqual(await hashResults(inTurn.db))
  })

  test('without backfill the target stands alone', async () => {
    await using world = await newWorld()
    await world.run(MON)
    const alone = { dates: { kind: 'target', target: session(THU), backfill: false } } as const
    expect(datesOf(await world.run(FRI, alone))).toEqual([THU])
  })

  test('forced, a completed session is computed again and no row of it is written', async () => {
    await using world = await newWorld()
    await world.runEach([MON, TUE, WED])
    const derived = `select 'e', symbol, xmin::text from symbol_factor_exposures
      union all select 'm', symbol, xmin::text from symbol_daily_metrics
      union all select 'b', symbol, xmin::text from market_data_cache
      union all select 'u', symbol, xmin::text from symbol_universe order by 1, 2, 3`
    const before = await world.rows(derived)
    for (const request of [{ force: true }, { ...range(MON, WED), force: true }]) {
      const forced = await world.run(WED, request)
      expect(forced.status).toBe('completed')
      for (const { phases } of forced.dates) {
        expect(phases['prices']?.metrics).toMatchObject({ bars_inserted: 0, bars_updated: 0 })
        expect(phases['factors']?.metrics).toMatchObject({
          rows_inserted: 0,
          rows_updated: 0,
          rows_deleted: 0,
        })
        expect(phases['symbol_metrics']?.metrics).toMatchObject({ rows_written: 0 })
      }
    }
    expect(await world.rows(derived)).toEqual(before)
  })

  test('reprocess all takes every session of the range, reprocess failed only those that failed', async () => {
    await using world = await newWorld()
    await world.runEach([MON, TUE, WED])
    await world.rows(`update batch_run_tracking set status = 'failed' where batch_date = '${TUE}'`)
    const failed = await world.run(THU, { ...range(MON, WED), reprocess: 'failed' })
    expect(datesOf(failed)).toEqual([TUE])
    expect((await world.run(THU, { ...range(MON, WED), reprocess: 'failed' })).reason).toBe(
      'nothing_to_do',
    )
    const all = await world.run(THU, { ...range(MON, WED), reprocess: 'all' })
    expect(datesOf(all)).toEqual([MON, TUE, WED])
  })

  test('a run of named symbols writes their factors alone, and records no session as done', async () => {
    await using world = await newWorld()
    const scope = { kind: 'symbols', symbols: [ALTO] } as const
    const result = await world.run(TUE, { ...range(MON, TUE), scope })
    expect(result.status).toBe('completed')
    expect(await exposureDates(world, 'ALTO')).toHaveLength(2)
    const written = `select symbol from symbol_factor_exposures union select symbol from symbol_daily_metrics`
    expect(await world.rows(written)).toEqual([{ symbol: 'ALTO' }])
    expect(await tracked(world)).toEqual([])

    await world.run(TUE, range(MON, TUE))
    await using full = await newWorld()
    await full.run(TUE, range(MON, TUE))
    expect(await hashResults(world.db)).toEqual(await hashResults(full.db))
  })

  test('the factors alone come from stored prices; no provider is asked', async () => {
    await using world = await newWorld()
    await world.run(TUE, { ...range(MON, TUE), phases: ['prices'] })
    expect(await world.rows('select from symbol_factor_exposures')).toHaveLength(0)
    const exploding = new Proxy(market.provider(), {
      get: (_, property) => {
        throw new Error(`the provider's ${String(property)} was asked for`)
      },
    })
    const result = await world.run(
      TUE,
      { ...range(MON, TUE), phases: ['factors'] },
      { providers: [exploding] },
    )
    expect(result.status).toBe('completed')
    expect(Object.keys(result.dates[0]?.phases ?? {})).toEqual(['factors'])
    expect(await tracked(world)).toEqual([])
    await using full = await newWorld()
    await full.run(TUE, range(MON, TUE))
    const exposures = (await hashResults(full.db))['symbol_factor_exposures']
    expect((await hashResults(world.db))['symbol_factor_exposures']).toEqual(exposures)
  })

  test('a target before the first tracked session is done by itself', async () => {
    await using world = await newWorld()
    await world.run(WED)
    expect(datesOf(await world.run(FRI, ONLY_MONDAY))).toEqual([MON])
    expect(datesOf(await world.run(FRI))).toEqual([TUE, THU, FRI])
  })
})

describe('a session whose prices fail', () => {
  let market: ScriptedMarket
  beforeAll(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: '2025-07-31' })
  })
  afterAll(() => {
    market[Symbol.dispose]()
  })

  async function worldOn(file: ScriptedMarket): Promise<BatchWorld> {
    const path = file.write()
    return BatchWorld.create(STOCKS, createFileProvider({ path, skipBadRows: false }))
  }

  test('without the market proxy fails, stops no later one, and is done by the next run once the bar is there', async () => {
    using holed = market.copy()
    holed.remove('SPY', WED)
    await using world = await worldOn(holed)
    const result = await world.run(THU, range(TUE, THU))
    expect(result.status).toBe('failed')
    expect(result.dates.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed'])
    expect(result.dates[1]?.phases).toMatchObject({
      prices: { status: 'failed', error: `the market proxy SPY has no close on ${WED}` },
    })
    expect(Object.keys(result.dates[1]?.phases ?? {})).toEqual(['prices'])
    expect(await exposureDates(world, 'ALTO')).toEqual([{ date: TUE }, { date: THU }])

    holed.set('SPY', WED, market.bar('SPY', WED)).write()
    const mended = await world.run(FRI)
    expect(mended.status).toBe('completed')
    expect(datesOf(mended)).toEqual([WED, FRI])
    await using full = await worldOn(market)
    await full.run(FRI, range(TUE, FRI))
    const { batch_run_tracking, ...tables } = await hashResults(world.db)
    expect(await hashResults(full.db)).toMatchObject(tables)
  })

  test('with fewer than half of its symbols fails and says how many', async () => {
    using holed = market.copy()
    for (const symbol of holed.symbols)
      if (symbol !== 'SPY' && symbol !== 'ALTO') holed.remove(symbol, TUE)
    await using world = await worldOn(holed)
    const result = await world.run(TUE, range(MON, TUE))
    expect(result.dates.map(({ status }) => status)).toEqual(['completed', 'failed'])
    expect(result.dates[1]?.phases['prices']?.error).toContain('20.0 % of 10 due symbols')
  })

  test('keeps being tried every night until it is done', async () => {
    using holed = market.copy()
    holed.remove('SPY', TUE)
    await using world = await worldOn(holed)
    await world.run(MON)
    expect(datesOf(await world.run(TUE))).toEqual([TUE])
    expect(datesOf(await world.run(WED))).toEqual([TUE, WED])
    expect(datesOf(await world.run(MON_2))).toEqual([TUE, THU, FRI, MON_2])
  })
})
