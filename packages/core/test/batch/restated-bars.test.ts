import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createFileProvider } from '../../src/market-data/index.ts'
import { BatchWorld } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'

const STOCKS = ['ALTO', 'LOOM', 'XENO', 'ZINC']
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY] = [
  '2025-07-07',
  '2025-07-08',
  '2025-07-09',
  '2025-07-10',
]
const BEFORE = [MONDAY, TUESDAY, WEDNESDAY]

/** A market in one CSV file, with a world that reads it. */
async function worldOn(market: ScriptedMarket): Promise<BatchWorld> {
  const path = market.write()
  return BatchWorld.create(STOCKS, createFileProvider({ path, skipBadRows: false }))
}

const EXPOSURES =
  'select e.symbol, d.name, e.calculation_date, e.beta_value, e.std_error, e.r_squared, e.observations, e.quality_flag from symbol_factor_exposures e join factor_definitions d on d.id = e.factor_id order by 1, 2, 3'
const METRICS =
  "select to_jsonb(m) - 'created_at' - 'updated_at' as row from symbol_daily_metrics m order by symbol"

async function derived(world: BatchWorld) {
  return { exposures: await world.rows(EXPOSURES), metrics: await world.rows(METRICS) }
}

/** Which rows were written a second time. */
function rewritten(world: BatchWorld) {
  return world.rows<{ date: string; symbols: string[] }>(
    'select calculation_date as date, array_agg(distinct symbol::text order by symbol::text) as symbols from symbol_factor_exposures where updated_at > created_at group by 1 order by 1',
  )
}

describe('bars that change after their session was completed', () => {
  let market: ScriptedMarket
  beforeEach(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: '2025-07-31' })
  })
  afterEach(() => {
    market[Symbol.dispose]()
  })

  /** What a world holds in which the file said from the start what it says now. */
  async function derivedFromTheStart(evenings: readonly string[]) {
    await using world = await worldOn(market)
    await world.runEach(evenings)
    return await derived(world)
  }

  test('a restated close is updated, counted and logged with old and new, and its days computed again', async () => {
    await using world = await worldOn(market)
    await world.runEach(BEFORE)
    const old = market.close('ALTO', TUESDAY)
    const restated = Math.round(old * 103) / 100
    market.setClose('ALTO', TUESDAY, restated).write()

    const result = await world.run(THURSDAY)
    expect(result.dates[0]?.phases['prices']?.metrics).toMatchObject({
      bars_restated: 1,
      bars_updated: 1,
      bars_inserted: market.symbols.length,
    })
    expect(world.lines.filter(({ message }) => message === 'bar_restated')).toEqual([
      expect.objectContaining({
        level: 'warn',
        fields: expect.objectContaining({
          symbol: 'ALTO',
          date: TUESDAY,
          field: 'close',
          old: old.toFixed(6),
          new: restated.toFixed(6),
        }),
      }),
    ])
    const stored = await world.rows<{ symbol: string; date: string; close: string }>(
      'select symbol, date, close from market_data_cache where restated_at is not null',
    )
    expect(stored).toEqual([{ symbol: 'ALTO', date: TUESDAY, close: restated.toFixed(6) }])
    expect(await rewritten(world)).toEqual([
      { date: TUESDAY, symbols: ['ALTO'] },
      { date: WEDNESDAY, symbols: ['ALTO'] },
    ])
    expect(await derived(world)).toEqual(await derivedFromTheStart([...BEFORE, THURSDAY]))
  })

  test('a restated proxy close has every symbol computed again', async () => {
    await using world = await worldOn(market)
    await world.runEach(BEFORE)
    market.setClose('SPY', WEDNESDAY, market.close('SPY', WEDNESDAY) * 1.01).write()
    await world.run(THURSDAY)
    expect(await rewritten(world)).toEqual([{ date: WEDNESDAY, symbols: market.symbols }])
    expect(await derived(world)).toEqual(await derivedFromTheStart([...BEFORE, THURSDAY]))
  })

  test('a dividend announced late is a restatement too', async () => {
    await using world = await worldOn(market)
    await world.runEach(BEFORE)
    market.set('LOOM', TUESDAY, { dividend: 0.75 }).write()
    const result = await world.run(THURSDAY)
    expect(result.dates[0]?.phases['prices']?.metrics).toMatchObject({ bars_restated: 1 })
    expect(await derived(world)).toEqual(await derivedFromTheStart([...BEFORE, THURSDAY]))
  })

  test('a bar that comes a day late has its day computed again', async () => {
    const late = market.bar('XENO', WEDNESDAY)
    market.remove('XENO', WEDNESDAY)
    await using world = await worldOn(market)
    const results = await world.runEach(BEFORE)
    expect(results.at(-1)?.missing_symbols).toEqual(['XENO'])
    market.set('XENO', WEDNESDAY, late).write()
    const result = await world.run(THURSDAY)
    expect(result.dates[0]?.phases['prices']?.metrics).toMatchObject({
      bars_restated: 0,
      bars_inserted: market.symbols.length + 1,
    })
    expect((await rewritten(world)).map(({ symbols }) => symbols)).toEqual([['XENO']])
    expect(await derived(world)).toEqual(await derivedFromTheStart([...BEFORE, THURSDAY]))
  })

  test('a restated close reaches the figures of a symbol that did not trade since', async () => {
    market.removeFrom('ZINC', THURSDAY)
    await using world = await worldOn(market)
    await world.runEach(BEFORE)
    market.setClose('ZINC', WEDNESDAY, market.close('ZINC', WEDNESDAY) * 1.02).write()
    await world.run(THURSDAY)
    expect(await derived(world)).toEqual(await derivedFromTheStart([...BEFORE, THURSDAY]))
  })

  test('a restatement found by a run of one symbol is followed up by the next full run', async () => {
    await using world = await worldOn(market)
    await world.runEach(BEFORE)
    market.setClose('ALTO', TUESDAY, market.close('ALTO', TUESDAY) * 0.97).write()
    const symbols = market.symbols.filter((symbol) => symbol === 'ALTO')
    await world.run(THURSDAY, { scope: { kind: 'symbols', symbols } })
    await world.run(THURSDAY)
    expect(await derived(world)).toEqual(await derivedFromTheStart([...BEFORE, THURSDAY]))
  })

  test('what a file leaves empty never overwrites what is stored', async () => {
    const bars =
      "select symbol, date, open, high, low, close, volume, dividend, split_ratio, fetched_at, restated_at from market_data_cache where date <= '2025-07-09' order by 1, 2"
    market.set('XENO', TUESDAY, { dividend: 0.4 })
    await using world = await worldOn(market)
    await world.runEach(BEFORE)
    const before = await world.rows(bars)
    const nothing = {
      open: null,
      high: null,
      low: null,
      volume: null,
      dividend: null,
      splitRatio: null,
    }
    for (const symbol of market.symbols) {
      for (const date of BEFORE) market.set(symbol, date, nothing)
    }
    market.set('XENO', TUESDAY, { close: null, dividend: 0.4 }).write()
    const result = await world.run(THURSDAY)
    expect(result.dates[0]?.phases['prices']?.metrics).toMatchObject({
      bars_updated: 0,
      bars_restated: 0,
    })
    expect(await world.rows(bars)).toEqual(before)
  })
})
