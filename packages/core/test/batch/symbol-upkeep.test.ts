import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createFileProvider } from '../../src/market-data/index.ts'
import { hashResults } from '../harness/result-tables.ts'
import { BatchWorld, range, sessionsFrom } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'

const STOCKS = ['ALTO', 'LOOM', 'ZINC']
const GOOD_DAY = '2025-07-03'
const WEEK_1 = sessionsFrom('2025-07-07', '2025-07-11')
const WEEK_2 = sessionsFrom('2025-07-14', '2025-07-18')
const RETRY = '2025-07-21'

async function worldOn(market: ScriptedMarket): Promise<BatchWorld> {
  const path = market.write()
  return BatchWorld.create(STOCKS, createFileProvider({ path, skipBadRows: false }))
}

interface UniverseRow {
  readonly symbol: string
  readonly is_active: boolean
  readonly failures: number
  readonly last_error: string | null
}

async function upkeepOf(world: BatchWorld, symbol: string): Promise<UniverseRow | undefined> {
  const rows = await world.rows<UniverseRow>(
    `select symbol, is_active, consecutive_failures as failures, last_error from symbol_universe where symbol = '${symbol}'`,
  )
  return rows[0]
}

describe('a symbol without prices', () => {
  let market: ScriptedMarket
  beforeEach(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: '2025-07-31' })
  })
  afterEach(() => {
    market[Symbol.dispose]()
  })

  test('becomes inactive after five failing sessions, with the reason kept', async () => {
    market.removeFrom('ZINC', WEEK_1[0] ?? '')
    await using world = await worldOn(market)
    await world.runEach([GOOD_DAY, ...WEEK_1.slice(0, 4)])
    expect(await upkeepOf(world, 'ZINC')).toMatchObject({ is_active: true, failures: 4 })
    const fifth = await world.run(WEEK_1[4] ?? '')
    expect(fifth.missing_symbols).toEqual(['ZINC'])
    expect(await upkeepOf(world, 'ZINC')).toMatchObject({
      is_active: false,
      failures: 5,
      last_error: expect.stringContaining('served a close of'),
    })
    expect(await upkeepOf(world, 'ALTO')).toMatchObject({
      is_active: true,
      failures: 0,
      last_error: null,
    })
  })

  test('is tried again on the first session of each week only, and comes back with its first bar', async () => {
    market.removeFrom('ZINC', WEEK_1[0] ?? '')
    await using world = await worldOn(market)
    await world.runEach([GOOD_DAY, ...WEEK_1])
    const tried = (await world.runEach(WEEK_2)).map(({ missing_symbols }) => missing_symbols)
    expect(tried).toEqual([['ZINC'], [], [], [], []])
    expect(await upkeepOf(world, 'ZINC')).toMatchObject({ is_active: false, failures: 6 })

    market.setClose('ZINC', RETRY, 1.01 * market.close('ZINC', GOOD_DAY)).write()
    const retried = await world.run(RETRY)
    expect(retried.missing_symbols).toEqual([])
    expect(await upkeepOf(world, 'ZINC')).toMatchObject({
      is_active: true,
      failures: 0,
      last_error: null,
    })
    const next = await world.run('2025-07-22')
    expect(next.missing_symbols).toEqual(['ZINC'])
  })

  test('that comes back in the middle of a week is the same in nightly runs and in a backfill', async () => {
    market.remove('ZINC', ...WEEK_1, ...WEEK_2.slice(0, 3))
    const sessions = [GOOD_DAY, ...WEEK_1, ...WEEK_2, RETRY, '2025-07-22']
    await using world = await worldOn(market)
    await world.runEach(sessions)
    await using backfilled = await worldOn(market)
    await backfilled.run('2025-07-22', range(GOOD_DAY, '2025-07-22'))
    expect(await hashResults(world.db)).toEqual(await hashResults(backfilled.db))
  })

  test('that is listed in the middle of a week is the same in nightly runs and in a backfill', async () => {
    market.removeBefore('ZINC', '2025-07-16')
    const sessions = [GOOD_DAY, ...WEEK_1, ...WEEK_2, RETRY]
    await using world = await worldOn(market)
    await world.runEach(sessions)
    await using backfilled = await worldOn(market)
    await backfilled.run(RETRY, range(GOOD_DAY, RETRY))
    expect(await hashResults(world.db)).toEqual(await hashResults(backfilled.db))
  })

  test('that was tried in vain keeps its betas of that day when a proxy is restated the day after', async () => {
    const [monday = '', tuesday = ''] = WEEK_2
    market.removeFrom('ZINC', WEEK_1[0] ?? '')
    const evenings = [GOOD_DAY, ...WEEK_1, monday]
    await using world = await worldOn(market)
    await world.runEach(evenings)
    market.setClose('SPY', monday, market.close('SPY', monday) * 1.01).write()
    await world.run(tuesday)
    await using rightFromTheStart = await worldOn(market)
    await rightFromTheStart.runEach([...evenings, tuesday])
    const exposures = async ({ db }: BatchWorld) =>
      (await hashResults(db))['symbol_factor_exposures']
    expect(await exposures(world)).toEqual(await exposures(rightFromTheStart))
  })

  test('stays active when it is a factor proxy; every night an alert names it', async () => {
    market.removeFrom('QUAL', WEEK_1[0] ?? '')
    await using world = await worldOn(market)
    const results = await world.runEach([GOOD_DAY, ...WEEK_1, ...WEEK_2])
    for (const result of results.slice(1)) {
      expect(result.status).toBe('completed_with_warnings')
      expect(result.alerts).toContain(
        `${result.target_date} prices: no price of factor proxies QUAL`,
      )
    }
    expect(await upkeepOf(world, 'QUAL')).toMatchObject({ is_active: true, failures: 10 })
  })

  test('is learnt from once: learning twice changes nothing', async () => {
    market.removeFrom('ZINC', WEEK_1[0] ?? '')
    await using world = await worldOn(market)
    await world.runEach([GOOD_DAY, ...WEEK_1])
    const universe = () => world.rows('select * from symbol_universe order by symbol')
    const before = await universe()
    const last = WEEK_1.at(-1) ?? ''
    for (const phases of [['feedback_learning'], ['feedback_learning']]) {
      const again = await world.run(last, { phases })
      expect(again.dates[0]?.phases['feedback_learning']).toMatchObject({
        status: 'completed',
        processed: 0,
      })
    }
    expect(await universe()).toEqual(before)
  })
})
