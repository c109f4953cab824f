import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { portfolioPhaseNames } from '../../src/batch/index.ts'
import type { LotFact } from '../portfolios/facts.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { analyticsIn, EVENING, MARKET, startup, worth } from './analytics-world.ts'
import { openFailingDatabase } from './failing-database.ts'
import { storeReturns } from './stored-returns.ts'

const CALL = 'AAA250919C00100000'
const call: LotFact = {
  symbol: CALL,
  quantity: '2',
  entry: '3',
  entryDate: '2025-06-02',
  investmentClass: 'OPTIONS',
  underlying: 'AAA',
}

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.clear()
  await storeReturns(world, EVENING, MARKET)
  await world.bars(CALL, { [EVENING]: '4' })
})
const { portfolioOf, figuresOf, reasonsOf } = analyticsIn(() => world)

/** Tables that say something of a portfolio on a date: name, how they name it, column of the date. */
const TABLES = [
  ['portfolio_snapshots', 'portfolio_id', 'snapshot_date'],
  ['factor_exposures', 'portfolio_id', 'calculation_date'],
  ['position_greeks', 'position_id', 'calculation_date'],
  ['position_volatility', 'position_id', 'calculation_date'],
  ['correlation_calculations', 'portfolio_id', 'calculation_date'],
  ['stress_test_results', 'portfolio_id', 'calculation_date'],
] as const
async function rowsOf(id: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [table, owner, date] of TABLES) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(table)}
      where ${sql.ref(date)} = ${EVENING} and ${sql.ref(owner)} in (
        select ${id}::uuid union all select id from positions where portfolio_id = ${id})
    `.execute(world.db)
    counts[table] = rows[0]?.n ?? 0
  }
  return counts
}

describe('one portfolio on one date', () => {
  test('has rows in every table after all phases', async () => {
    const lots = [worth('AAA', 50_000), worth('BBB', -20_000), worth('SPY', 30_000)]
    const id = await portfolioOf('book', [...lots, call, startup(10_000)])
    const result = await world.refresh(EVENING)
    expect(result.dates.map(({ phases }) => Object.keys(phases))).toEqual([portfolioPhaseNames()])
    const counts = await rowsOf(id)
    expect(Object.values(counts).every((count) => count > 0)).toBe(true)
    expect(counts).toMatchObject({ position_greeks: 1, position_volatility: 4 })
    expect(await figuresOf(id)).toMatchObject({
      realized_volatility_63d: expect.any(Number),
      beta_calculated_90d: expect.any(Number),
      sector_exposure: expect.any(Object),
      hhi: expect.any(Number),
    })
  })

  test('or the reason why not, counted in the summary', async () => {
    const id = await portfolioOf('cash', [])
    const { dates } = await world.refresh(EVENING)
    for (const phase of ['greeks', 'exposures', 'analytics', 'correlations', 'stress_tests']) {
      expect({ phase, reasons: dates[0]?.phases[phase]?.reasons }).toEqual({
        phase,
        reasons: expect.objectContaining({ no_active_positions: 1 }),
      })
    }
    expect(await reasonsOf(id)).toEqual(
      Object.fromEntries(
        ['volatility', 'beta', 'provider_beta', 'sectors', 'concentration'].map((figure) => [
          figure,
          'no_active_positions',
        ]),
      ),
    )
  })
})

describe('the phases greeks and analytics', () => {
  test('cost as many statements for many portfolios as for one', async () => {
    const lots = [worth('AAA', 50_000), worth('BBB', -20_000), call]
    const statementsFor = async (portfolios: number): Promise<number> => {
      for (let i = 0; i < portfolios; i++) await portfolioOf(`book ${portfolios} ${i}`, lots)
      await using database = openFailingDatabase(world.store.url, 0, '')
      await world.refresh(EVENING, { phases: ['snapshots', 'greeks', 'analytics'] }, { database })
      return database.statements()
    }
    const [one, many] = [await statementsFor(1), await statementsFor(20)]
    expect(many).toBe(one)
  })

  test('leave a portfolio whose rows the server refuses to itself', async () => {
    const refused = await portfolioOf('refused', [worth('AAA', 50_000)])
    const other = await portfolioOf('other', [worth('AAA', 50_000)])
    const { pool } = world.store.database
    await pool.query(`alter table portfolio_snapshots add constraint refused
      check (portfolio_id <> '${refused}' or hhi is null)`)
    const { dates } = await world.refresh(EVENING)
    await pool.query('alter table portfolio_snapshots drop constraint refused')
    expect(dates[0]?.phases['analytics']).toMatchObject({
      processed: 1,
      failed: 1,
      reasons: { analytics_failed: 1 },
    })
    expect((await figuresOf(refused)).hhi).toBeNull()
    expect((await figuresOf(other)).hhi).toBe(10_000)
  })
})
