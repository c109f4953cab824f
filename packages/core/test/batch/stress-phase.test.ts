import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { SCENARIOS } from '../../src/stress/index.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { openFailingDatabase } from './failing-database.ts'
import { AGAIN, enter, EVENING, phaseOf, startup, storeMarket, worth } from './risk-world.ts'

const ACTIVE = SCENARIOS.filter(({ active }) => active)

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => world.clear())

interface Result {
  readonly scenario: string
  readonly direct: string | null
  readonly correlated: string | null
  readonly effect: string | null
  readonly error: string | null
  readonly impacts: Readonly<Record<string, number>>
  readonly reason: string | null
}
const resultsOf = (portfolioId: string) =>
  world.rows(sql<Result>`
    select scenario_id as scenario, direct_pnl as direct, correlated_pnl as correlated,
           correlation_effect as effect, pnl_std_error as error, factor_impacts as impacts, reason
    from stress_test_results
    where portfolio_id = ${portfolioId} and calculation_date = ${EVENING} order by scenario_id`)
async function resultOf(portfolioId: string, scenario: string): Promise<Result> {
  const found = (await resultsOf(portfolioId)).find((result) => result.scenario === scenario)
  if (found === undefined) throw new Error(`no result of ${scenario}`)
  return found
}
const stress = (...run: Parameters<PortfolioWorld['refresh']>) =>
  phaseOf(world, 'stress_tests', ...run)

describe('worlds known by thought', () => {
  beforeEach(() => storeMarket(world))

  test('a book of 1.5 times its equity in the market loses 15 % when that falls by 10 %', async () => {
    const id = await enter(world, 'levered', [worth('SPY', 150_000)])
    expect(await stress(EVENING)).toMatchObject({
      processed: 1,
      skipped: 0,
      failed: 0,
      metrics: { scenarios: ACTIVE.length, results: ACTIVE.length, scenarios_skipped: {} },
    })
    expect(await resultOf(id, 'market_down_10')).toMatchObject({
      direct: '-15000.00',
      correlated: '-15000.00',
      effect: '0.00',
      error: '0.00',
      reason: null,
    })
  })

  test('a holder of the market loses 5 % under a flight to quality, direct and correlated', async () => {
    const id = await enter(world, 'index', [worth('SPY', 100_000)])
    await stress(EVENING)
    const { direct, correlated } = await resultOf(id, 'quality_flight')
    expect([direct, correlated]).toEqual(['-5000.00', '-5000.00'])
  })

  test('rates up by 100 basis points cost a holder of TLT 16.5 %, conditionally about as much', async () => {
    const id = await enter(world, 'bonds', [worth('TLT', 100_000)])
    await stress(EVENING)
    const { direct, correlated } = await resultOf(id, 'rates_up_100bp')
    expect(direct).toBe('-16500.00')
    expect(Math.abs(Number(correlated) / -16_500 - 1)).toBeLessThan(0.015)
  })

  test('TLT_EFFECTIVE_DURATION says how much', async () => {
    const id = await enter(world, 'bonds', [worth('TLT', 100_000)])
    await world.refresh(EVENING, {}, { settings: { tltEffectiveDuration: 10 } })
    expect((await resultOf(id, 'rates_up_100bp')).direct).toBe('-10000.00')
  })

  test('a long and a short of the same lot lose nothing and are sure of it', async () => {
    const id = await enter(world, 'flat', [worth('AAA', 40_000), worth('AAA', -40_000)])
    await stress(EVENING)
    for (const { direct, correlated, error } of await resultsOf(id)) {
      expect([direct, correlated, error]).toEqual(['0.00', '0.00', '0.00'])
    }
  })

  test('two portfolios merged lose the sum of what both lose', async () => {
    const [one, two] = [[worth('AAA', 60_000)], [worth('BBB', -30_000), worth('TLT', 50_000)]]
    const parts = [await enter(world, 'one', one), await enter(world, 'two', two)]
    const merged = await enter(world, 'merged', [...one, ...two], { equity: 200_000 })
    await stress(EVENING)
    const [first = [], second = [], both = []] = await Promise.all(
      [...parts, merged].map(resultsOf),
    )
    expect(both).toHaveLength(ACTIVE.length)
    for (const [i, result] of both.entries()) {
      const sum = Number(first[i]?.correlated) + Number(second[i]?.correlated)
      expect(Math.abs(Number(result.correlated) - sum)).toBeLessThan(0.011)
    }
  })

  test('PRIVATE holdings add nothing', async () => {
    const bare = await enter(world, 'bare', [worth('AAA', 50_000)])
    const mixed = await enter(world, 'mixed', [worth('AAA', 50_000), startup(40_000)])
    await stress(EVENING)
    expect(await resultsOf(mixed)).toEqual(await resultsOf(bare))
  })
})

describe('what is stored', () => {
  beforeEach(() => storeMarket(world))

  test('adds up to the cent: the effect of correlation, and the shares of all factors', async () => {
    const id = await enter(world, 'book', [worth('AAA', 33_300), worth('BBB', -12_100)])
    await stress(EVENING)
    for (const { direct, correlated, effect, impacts } of await resultsOf(id)) {
      const cents = (dollars: string | number | null) => Math.round(100 * Number(dollars))
      expect(cents(effect)).toBe(cents(correlated) - cents(direct))
      expect(Object.keys(impacts)).toHaveLength(8)
      const shares = Object.values(impacts).reduce((sum, share) => sum + cents(share), 0)
      expect(shares).toBe(cents(correlated))
    }
  })

  test('is the same after a phase by itself, and is not written again', async () => {
    const id = await enter(world, 'book', [worth('AAA', 50_000)])
    await stress(EVENING)
    const before = await resultsOf(id)
    const again = await stress(EVENING, { ...AGAIN, phases: ['stress_tests'] })
    expect(again.metrics).toMatchObject({ rows_inserted: 0, rows_updated: 0, rows_deleted: 0 })
    expect(await resultsOf(id)).toEqual(before)
  })

  test('takes as many statements for many portfolios as for one', async () => {
    const statements = async () => {
      await using database = openFailingDatabase(world.store.url, 0, '')
      await world.refresh(EVENING, { ...AGAIN, phases: ['stress_tests'] }, { database })
      return database.statements()
    }
    await enter(world, 'one', [worth('AAA', 50_000)])
    await world.refresh(EVENING)
    const one = await statements()
    for (let i = 0; i < 10; i++) await enter(world, `more ${i}`, [worth('BBB', 50_000)])
    await world.refresh(EVENING)
    expect(await statements()).toBe(one)
  })
})

describe('a portfolio without figures', () => {
  beforeEach(() => storeMarket(world))

  test('has a row with the reason for every scenario, counted in the phase', async () => {
    const cash = await enter(world, 'cash', [])
    const owner = await enter(world, 'owner', [startup(50_000)])
    await world.bars('YOUNG', { [EVENING]: '100' })
    const young = await enter(world, 'young', [worth('YOUNG', 50_000)])
    expect(await stress(EVENING)).toMatchObject({
      processed: 0,
      skipped: 3,
      reasons: { no_active_positions: 1, no_public_positions: 1, no_factor_exposures: 1 },
      metrics: { results: 0, results_without_figures: 3 * ACTIVE.length },
    })
    for (const [id, reason] of [
      [cash, 'no_active_positions'],
      [owner, 'no_public_positions'],
      [young, 'no_factor_exposures'],
    ] as const) {
      const results = await resultsOf(id)
      expect(results).toHaveLength(ACTIVE.length)
      expect(new Set(results.map((result) => result.reason))).toEqual(new Set([reason]))
      expect(results[0]).toMatchObject({ direct: null, correlated: null, impacts: {} })
    }
  })

  test('because too many marks are missing keeps its snapshot, and loses older results of the date', async () => {
    const lots = Array.from({ length: 15 }, () => worth('AAA', 1_000))
    const id = await enter(world, 'gappy', [...lots, worth('LOST', 1_000)])
    await world.bars('LOST', { [EVENING]: '100' })
    await stress(EVENING)
    expect((await resultOf(id, 'market_down_10')).reason).toBeNull()
    await sql`delete from market_data_cache where symbol = 'LOST'`.execute(world.db)
    await sql`update symbol_universe set consecutive_failures = 1 where symbol = 'LOST'`.execute(
      world.db,
    )
    await sql`
      insert into symbol_universe (symbol, consecutive_failures) values ('LOST', 1)
      on conflict (symbol) do update set consecutive_failures = 1
    `.execute(world.db)
    expect(await stress(EVENING, AGAIN)).toMatchObject({
      processed: 0,
      reasons: { insufficient_marks: 1 },
    })
    expect(await resultOf(id, 'market_down_10')).toMatchObject({
      direct: null,
      impacts: {},
      reason: 'insufficient_marks',
    })
    expect(await world.sessions(id)).toEqual([EVENING])
  })
})

describe('a scenario that cannot be computed', () => {
  test('for want of a proxy is skipped with its reason, the others go on', async () => {
    await storeMarket(world, 'TLT')
    const id = await enter(world, 'book', [worth('AAA', 50_000)])
    const rates = ACTIVE.filter(({ category }) => category === 'rates')
    const phase = await stress(EVENING)
    expect(phase).toMatchObject({
      processed: 1,
      metrics: {
        factors_missing: ['Interest Rate'],
        scenarios: ACTIVE.length - rates.length,
        scenarios_skipped: { rates_up_300bp: 'no_factor_exposures' },
        results_without_figures: rates.length,
      },
    })
    expect((await resultOf(id, 'rates_up_300bp')).reason).toBe('no_factor_exposures')
    expect((await resultOf(id, 'market_down_10')).reason).toBeNull()
  })

  test('for want of the market leaves none', async () => {
    await storeMarket(world, 'SPY')
    const id = await enter(world, 'book', [worth('AAA', 50_000)])
    expect(await stress(EVENING)).toMatchObject({ processed: 0, reasons: { no_price_data: 1 } })
    const reasons = (await resultsOf(id)).map(({ reason }) => reason)
    expect(new Set(reasons)).toEqual(new Set(['no_price_data']))
  })
})

describe("an operator's edit", () => {
  beforeEach(() => storeMarket(world))
  beforeEach(async () => {
    await sql`create table kept as select * from stress_test_scenarios`.execute(world.db)
  })
  // Deleting a scenario deletes its results, so those that were there are set back instead.
  afterEach(async () => {
    await sql`
      update stress_test_scenarios s set shock_config = k.shock_config, active = k.active
      from kept k where k.id = s.id
    `.execute(world.db)
    await sql`delete from stress_test_scenarios where id not in (select id from kept)`.execute(
      world.db,
    )
    await sql`drop table kept`.execute(world.db)
  })

  test.each([
    [
      'shocks that are no numbers',
      `'{"Market": "down"}'`,
      /market_down_10 is not usable: shocks\.Market/,
    ],
    ['shocks that are no list', `'"-10%"'`, /market_down_10 is not usable: shocks/],
    ['no shock at all', `'{}'`, /market_down_10 is not usable: .*needs a shock/],
    ['a loss of everything and more', `'{"Market": -1.2}'`, /market_down_10 is not usable/],
  ])('to %s is an alert that names the scenario, and costs no other', async (_, config, alert) => {
    const id = await enter(world, 'book', [worth('AAA', 50_000)])
    await sql
      .raw(
        `update stress_test_scenarios set shock_config = ${config} where scenario_id = 'market_down_10'`,
      )
      .execute(world.db)
    const { status, alerts, dates } = await world.refresh(EVENING)
    expect(status).toBe('completed_with_warnings')
    expect(alerts).toEqual([expect.stringMatching(alert)])
    expect(dates[0]?.phases['stress_tests']?.metrics).toMatchObject({
      scenarios_unusable: ['market_down_10'],
    })
    expect(await resultsOf(id)).toHaveLength(ACTIVE.length - 1)
  })

  test('to a shock of an unknown factor gives a reason and an alert that says what there is', async () => {
    const id = await enter(world, 'book', [worth('AAA', 50_000)])
    await sql`
      update stress_test_scenarios set shock_config = '{"Marktet": -0.1}'
      where scenario_id = 'market_down_10'
    `.execute(world.db)
    const { alerts } = await world.refresh(EVENING)
    expect(alerts).toEqual([
      expect.stringMatching(
        /market_down_10 shocks Marktet; there are Market, Momentum, .*Interest Rate/,
      ),
    ])
    expect((await resultOf(id, 'market_down_10')).reason).toBe('no_factor_exposures')
  })

  test('to another size, a new scenario and a retired one are followed', async () => {
    const id = await enter(world, 'book', [worth('SPY', 100_000)])
    await world.refresh(EVENING)
    await sql`
      update stress_test_scenarios set shock_config = '{"Market": -0.2}'
      where scenario_id = 'market_down_10'
    `.execute(world.db)
    await sql`
      insert into stress_test_scenarios (scenario_id, name, severity, shock_config)
      values ('own', 'Own', 'mild', '{"Market": 0.01, "Interest Rate": 0.001}')
    `.execute(world.db)
    await sql`update stress_test_scenarios set active = false where scenario_id = 'vix_spike'`.execute(
      world.db,
    )
    expect((await stress(EVENING, AGAIN)).metrics).toMatchObject({
      rows_inserted: 1,
      rows_updated: 1,
      rows_deleted: 1,
    })
    expect((await resultOf(id, 'market_down_10')).direct).toBe('-20000.00')
    expect((await resultOf(id, 'own')).direct).toBe('1000.00')
    await expect(resultOf(id, 'vix_spike')).rejects.toThrow('no result')
  })
})
