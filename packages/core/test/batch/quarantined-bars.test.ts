import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createFileProvider } from '../../src/market-data/index.ts'
import { hashResults } from '../harness/result-tables.ts'
import { BatchWorld, range } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'

const STOCKS = ['ALTO', 'LOOM', 'XENO']
const WEEK = ['2025-07-07', '2025-07-08', '2025-07-09', '2025-07-10', '2025-07-11']
const [MONDAY = '', TUESDAY = '', WEDNESDAY = '', THURSDAY = '', FRIDAY = ''] = WEEK

async function worldOn(market: ScriptedMarket): Promise<BatchWorld> {
  const path = market.write()
  return BatchWorld.create(STOCKS, createFileProvider({ path, skipBadRows: false }))
}

/** Everything that follows from the bars; what was missing on which evening is history, and stays. */
async function tables(world: BatchWorld) {
  const { batch_run_tracking, ...rest } = await hashResults(world.db)
  return rest
}

async function tablesOfBackfill(market: ScriptedMarket, last: string) {
  await using world = await worldOn(market)
  await world.run(last, range(MONDAY, last))
  return await tables(world)
}

function barsOf(world: BatchWorld, symbol: string) {
  return world.rows<{ date: string; close: string | null }>(
    `select date, close::float8 as close from market_data_cache where symbol = '${symbol}' and date >= '${MONDAY}' order by date`,
  )
}

function held(world: BatchWorld) {
  return world.rows<{ item_id: string; session: string; error_category: string }>(
    "select item_id, job_metadata ->> 'session' as session, error_category from batch_jobs where reason = 'quarantined' order by 2",
  )
}

describe('a close that moved by more than 60 % without a split', () => {
  let market: ScriptedMarket
  beforeEach(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: '2025-07-31' })
  })
  afterEach(() => {
    market[Symbol.dispose]()
  })

  test('is stored as no bar until the next two closes confirm it, and then equals a backfill', async () => {
    market.scaleFrom('LOOM', TUESDAY, 1.8)
    await using world = await worldOn(market)
    const [, onTuesday] = await world.runEach([MONDAY, TUESDAY])
    expect(onTuesday?.status).toBe('completed_with_warnings')
    expect(onTuesday?.missing_symbols).toEqual(['LOOM'])
    expect(onTuesday?.dates[0]?.phases['prices']?.reasons).toEqual({ quarantined: 1 })
    await world.run(WEDNESDAY)
    const onMonday = { date: MONDAY, close: market.close('LOOM', MONDAY) }
    expect(await barsOf(world, 'LOOM')).toEqual([onMonday])
    expect(await held(world)).toEqual([
      { item_id: 'LOOM', session: TUESDAY, error_category: 'data' },
      { item_id: 'LOOM', session: WEDNESDAY, error_category: 'data' },
    ])

    const released = await world.run(THURSDAY)
    expect(released.missing_symbols).toEqual([])
    expect(await barsOf(world, 'LOOM')).toHaveLength(4)
    expect(await tables(world)).toEqual(await tablesOfBackfill(market, THURSDAY))
  })

  test('is never stored when the price is back the next day, in nightly runs as in a backfill', async () => {
    market.setClose('LOOM', TUESDAY, market.close('LOOM', TUESDAY) * 1.8)
    await using world = await worldOn(market)
    await world.runEach(WEEK)
    const dates = (await barsOf(world, 'LOOM')).map(({ date }) => date)
    expect(dates).toEqual([MONDAY, WEDNESDAY, THURSDAY, FRIDAY])
    expect(await tables(world)).toEqual(await tablesOfBackfill(market, FRIDAY))
  })

  test('is stored at once when a second provider has the same close', async () => {
    market.scaleFrom('LOOM', TUESDAY, 1.8)
    const path = market.write()
    const file = createFileProvider({ path, skipBadRows: false })
    await using world = await BatchWorld.create(STOCKS, file, market.provider('second'))
    const [, onTuesday] = await world.runEach([MONDAY, TUESDAY])
    expect(onTuesday?.status).toBe('completed')
    expect(await barsOf(world, 'LOOM')).toHaveLength(2)
    expect(await held(world)).toEqual([])
  })

  test('keeps the dividend of its day', async () => {
    market.setClose('LOOM', TUESDAY, market.close('LOOM', TUESDAY) * 1.8)
    market.set('LOOM', TUESDAY, { dividend: 0.3 })
    await using world = await worldOn(market)
    await world.runEach([MONDAY, TUESDAY])
    expect((await barsOf(world, 'LOOM')).at(-1)).toEqual({ date: TUESDAY, close: null })
    expect(
      await world.rows(
        `select dividend::float8 as dividend from market_data_cache where symbol = 'LOOM' and date = '${TUESDAY}'`,
      ),
    ).toEqual([{ dividend: 0.3 }])
  })
})
