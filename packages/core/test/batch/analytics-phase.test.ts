import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { annualVolatility } from '../../src/volatility/index.ts'
import type { LotFact } from '../portfolios/facts.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { AGAIN, analyticsIn, COLUMNS, EVENING, MARKET, startup, worth } from './analytics-world.ts'
import { storeReturns } from './stored-returns.ts'

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.clear()
  await storeReturns(world, EVENING, MARKET)
})

const { portfolioOf, figuresOf, analyticsOf, reasonsOf, positionVolatilities, phaseOf } =
  analyticsIn(() => world)

describe('volatility and beta', () => {
  test('of a book that is 1.5 times the market are 1.5 times its own, explained wholly by it', async () => {
    const id = await portfolioOf('levered', [worth('SPY', 150_000)])
    expect(await phaseOf(EVENING)).toMatchObject({ processed: 1, skipped: 0, failed: 0 })
    const figures = await figuresOf(id)
    expect(figures.beta_calculated_90d).toBeCloseTo(1.5, 6)
    expect(figures.beta_calculated_90d_r_squared).toBeCloseTo(1, 6)
    expect(figures.beta_calculated_90d_observations).toBe(90)
    expect(figures.realized_volatility_21d).toBeCloseTo(
      1.5 * annualVolatility(MARKET.SPY.subarray(-21)),
      6,
    )
    expect(figures.realized_volatility_63d).toBeCloseTo(
      1.5 * annualVolatility(MARKET.SPY.subarray(-63)),
      6,
    )
    expect(figures.expected_volatility_21d).toBeGreaterThan(0)
    expect(figures.volatility_trend).not.toBeNull()
    expect(figures.volatility_percentile).toBeGreaterThan(0)
  })

  test('of a long and a short of the same lot are nothing', async () => {
    const id = await portfolioOf('flat', [worth('AAA', 40_000), worth('AAA', -40_000)])
    await world.refresh(EVENING)
    expect(await figuresOf(id)).toMatchObject({
      beta_calculated_90d: 0,
      realized_volatility_21d: 0,
      realized_volatility_63d: 0,
    })
    const { rows } = await sql<{ dollars: string }>`
      select exposure_dollar as dollars from factor_exposures where portfolio_id = ${id}
    `.execute(world.db)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every(({ dollars }) => Number(dollars) === 0)).toBe(true)
  })

  test('of two portfolios merged move as the two did', async () => {
    const [one, two] = [[worth('AAA', 60_000)], [worth('BBB', -30_000), worth('SPY', 50_000)]]
    const parts = [await portfolioOf('one', one), await portfolioOf('two', two)]
    const merged = await portfolioOf('merged', [...one, ...two], 200_000)
    await world.refresh(EVENING)
    const [first, second, both] = await Promise.all([...parts, merged].map(figuresOf))
    const sum = (first?.beta_calculated_90d ?? NaN) + (second?.beta_calculated_90d ?? NaN)
    // Each half weighs half in the merged portfolio.
    expect(both?.beta_calculated_90d).toBeCloseTo(sum / 2, 10)
  })

  test('count an option as what moves like it', async () => {
    await world.bars('SPY250919C00100000', { [EVENING]: '3.20' })
    const call: LotFact = {
      symbol: 'SPY250919C00100000',
      quantity: '10',
      entry: '3',
      entryDate: '2025-06-02',
      investmentClass: 'OPTIONS',
      underlying: 'SPY',
    }
    const id = await portfolioOf('calls', [call])
    await world.refresh(EVENING)
    const { rows } = await sql<{ dollars: number }>`
      select delta_dollars as dollars from position_greeks
    `.execute(world.db)
    const delta = rows[0]?.dollars ?? NaN
    const figures = await figuresOf(id)
    expect(figures.beta_calculated_90d).toBeCloseTo(delta / 100_000, 6)
    const [row] = await positionVolatilities()
    const spy = annualVolatility(MARKET.SPY.subarray(-63))
    expect(row?.['realized_vol_63d']).toBeCloseTo((spy * delta) / 3_200, 4)
  })

  test('leave PRIVATE holdings out, which are in equity alone', async () => {
    const without = await portfolioOf('without', [worth('AAA', 50_000)])
    const withStartup = await portfolioOf('with', [worth('AAA', 50_000), startup(40_000)])
    await world.refresh(EVENING)
    const [bare, mixed] = [await figuresOf(without), await figuresOf(withStartup)]
    expect(mixed.beta_calculated_90d).toBe(bare.beta_calculated_90d)
    expect(mixed.realized_volatility_63d).toBe(bare.realized_volatility_63d)
    const { rows } = await sql<{ name: string; dollars: string; coverage: number }>`
      select f.name, e.exposure_dollar as dollars, e.coverage_pct as coverage
      from factor_exposures e join portfolios f on f.id = e.portfolio_id
      join factor_definitions d on d.id = e.factor_id where d.calculation_method = 'ols_market'
    `.execute(world.db)
    expect(new Set(rows.map(({ dollars, coverage }) => `${dollars} ${coverage}`)).size).toBe(1)
    expect((await positionVolatilities()).map(({ symbol }) => symbol)).toEqual(['AAA', 'AAA'])
  })

  test('of too short a history are missing, sectors and concentration are not', async () => {
    await world.bars('YOUNG', { [EVENING]: '100' })
    const id = await portfolioOf('young', [worth('YOUNG', 50_000)])
    const phase = await phaseOf(EVENING)
    expect(phase).toMatchObject({
      processed: 1,
      metrics: {
        positions_with_volatility: 0,
        positions_without_volatility: 1,
        unavailable: {
          volatility: { no_price_data: 1 },
          beta: { no_price_data: 1 },
          provider_beta: { no_factor_exposures: 1 },
        },
      },
    })
    expect(await figuresOf(id)).toMatchObject({
      realized_volatility_63d: null,
      beta_calculated_90d: null,
      sector_exposure: { Unclassified: 0.5 },
      hhi: 10_000,
    })
    expect(await reasonsOf(id)).toEqual({
      volatility: 'no_price_data',
      beta: 'no_price_data',
      provider_beta: 'no_factor_exposures',
    })
  })

  test('published by the provider are weighted by what is held', async () => {
    await sql`insert into company_profiles (symbol, beta) values ('AAA', 1.4), ('BBB', 0.5)`.execute(
      world.db,
    )
    const id = await portfolioOf('book', [worth('AAA', 60_000), worth('BBB', -20_000)])
    await world.refresh(EVENING)
    expect((await figuresOf(id)).beta_provider_1y).toBeCloseTo(0.6 * 1.4 - 0.2 * 0.5, 12)
  })

  test('of lots are those of their symbols, whoever holds them and how', async () => {
    await portfolioOf('one', [worth('AAA', 10_000), worth('AAA', -500)])
    await portfolioOf('two', [worth('AAA', 70_000)])
    await world.refresh(EVENING)
    const rows = await positionVolatilities()
    expect(rows.map((row) => row['realized_vol_21d'])).toHaveLength(3)
    const own = annualVolatility(MARKET.AAA.subarray(-21))
    for (const row of rows) {
      expect(row['realized_vol_21d']).toBeCloseTo(own, 6)
      expect(row['observations']).toBe(274)
    }
  })
})

describe('sectors and concentration', () => {
  beforeEach(async () => {
    await sql`
      insert into symbol_universe (symbol, asset_type, sector)
      values ('SPY', 'etf', null), ('AAA', 'equity', 'Health Care')
    `.execute(world.db)
    await sql`
      insert into company_profiles (symbol, sector) values ('AAA', 'Ignored'), ('BBB', 'Energy')
    `.execute(world.db)
  })

  test('weigh in shares of equity that add up to gross exposure', async () => {
    await world.bars('NEW', { [EVENING]: '100' })
    const id = await portfolioOf('book', [
      worth('AAA', 40_000),
      worth('AAA', -10_000),
      worth('BBB', 30_000),
      worth('SPY', -20_000),
      worth('NEW', 5_000),
      startup(25_000),
    ])
    await world.refresh(EVENING)
    const { sector_exposure: sectors, ...figures } = await figuresOf(id)
    expect(sectors).toEqual({
      'Health Care': 0.5,
      Energy: 0.3,
      Private: 0.25,
      ETF: 0.2,
      Unclassified: 0.05,
    })
    const total = Object.values(sectors as Record<string, number>).reduce((a, b) => a + b, 0)
    const gross = Number(figures.gross_exposure) / Number(figures.equity_balance)
    expect(total).toBeCloseTo(gross, 12)
  })

  test('are those of the largest holdings', async () => {
    const lots = [worth('AAA', 50_000), worth('BBB', 30_000), worth('SPY', -20_000)]
    const id = await portfolioOf('book', lots)
    await world.refresh(EVENING)
    const figures = await figuresOf(id)
    expect(figures.hhi).toBeCloseTo(3_800, 9)
    expect(figures.effective_num_positions).toBeCloseTo(10_000 / 3_800, 9)
    expect([figures.top_3_concentration, figures.top_10_concentration]).toEqual([1, 1])
  })

  test('of a portfolio of PRIVATE holdings alone are all it has', async () => {
    const id = await portfolioOf('owner', [startup(50_000)])
    await world.refresh(EVENING)
    expect(await figuresOf(id)).toMatchObject({ sector_exposure: { Private: 0.5 }, hhi: 10_000 })
    expect(await reasonsOf(id)).toEqual({
      volatility: 'no_public_positions',
      beta: 'no_public_positions',
      provider_beta: 'no_public_positions',
    })
  })
})

describe('a second computation', () => {
  test('of the same writes nothing', async () => {
    await portfolioOf('book', [worth('AAA', 50_000), worth('BBB', -10_000), startup(10_000)])
    await portfolioOf('cash', [])
    await world.refresh(EVENING)
    expect((await phaseOf(EVENING, AGAIN))?.metrics).toMatchObject({
      rows_inserted: 0,
      rows_updated: 0,
      rows_deleted: 0,
    })
  })

  test('that finds no prices leaves nothing of the first behind', async () => {
    const id = await portfolioOf('book', [worth('AAA', 50_000), worth('SPY', 10_000)])
    await world.refresh(EVENING)
    expect((await positionVolatilities()).length).toBe(2)
    await sql`delete from market_data_cache where symbol = 'AAA' and date < ${EVENING}`.execute(
      world.db,
    )
    await world.refresh(EVENING, AGAIN)
    expect((await positionVolatilities()).map(({ symbol }) => symbol)).toEqual(['SPY'])
    await sql`delete from market_data_cache where symbol = 'SPY' and date < ${EVENING}`.execute(
      world.db,
    )
    await world.refresh(EVENING, AGAIN)
    expect(await figuresOf(id)).toMatchObject({
      realized_volatility_21d: null,
      beta_calculated_90d: null,
      beta_calculated_90d_observations: null,
    })
    expect(await positionVolatilities()).toEqual([])
  })

  test('by the phase alone finds what the night found', async () => {
    const id = await portfolioOf('book', [worth('AAA', 50_000), worth('BBB', -10_000)])
    await world.refresh(EVENING)
    const before = await analyticsOf(id)
    const cleared = sql.join(COLUMNS.map((name) => sql`${sql.ref(name)} = null`))
    await sql`update portfolio_snapshots set ${cleared}`.execute(world.db)
    await world.refresh(EVENING, { ...AGAIN, phases: ['analytics'] })
    expect(await analyticsOf(id)).toEqual(before)
  })
})
