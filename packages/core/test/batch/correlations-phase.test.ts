import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { correlateNow } from '../../src/correlation/index.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { session } from './batch-world.ts'
import {
  AGAIN,
  enter,
  EVENING,
  phaseOf,
  reasonsOf,
  RETURNS,
  startup,
  storeMarket,
  worth,
} from './risk-world.ts'
import { storeReturns } from './stored-returns.ts'

const LIMITS = { minWeight: 0.01, minValue: 10_000 }

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.clear()
  await storeMarket(world)
})

const correlate = (...run: Parameters<PortfolioWorld['refresh']>) =>
  phaseOf(world, 'correlations', ...run)

async function storedOf(portfolioId: string) {
  const rows = await world.rows(sql<{
    symbols: string[]
    matrix: number[]
    overall: number | null
    effective: number | null
    included: number
    excluded: number
    quality: Readonly<Record<string, unknown>>
  }>`
    select symbols, matrix, overall_correlation as overall, effective_positions as effective,
           positions_included as included, positions_excluded as excluded, data_quality as quality
    from correlation_calculations
    where portfolio_id = ${portfolioId} and calculation_date = ${EVENING} and duration_days = 90`)
  return rows[0]
}
const pairsOf = (portfolioId: string) =>
  world.rows(sql<{ a: string; b: string; rho: number }>`
    select symbol_1 as a, symbol_2 as b, correlation_value as rho from pairwise_correlations
    where portfolio_id = ${portfolioId} and calculation_date = ${EVENING} order by 1, 2`)

/** Pearson over the last 90 returns, written out. */
function pearson(a: string, b: string): number {
  const [x = [], y = []] = [a, b].map((symbol) => [...(RETURNS[symbol] ?? [])].slice(-90))
  const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length
  const [mx, my] = [mean(x), mean(y)]
  const sum = (f: (i: number) => number) => x.reduce((s, _, i) => s + f(i), 0)
  const dx = (i: number) => (x[i] ?? NaN) - mx
  const dy = (i: number) => (y[i] ?? NaN) - my
  return sum((i) => dx(i) * dy(i)) / Math.sqrt(sum((i) => dx(i) ** 2) * sum((i) => dy(i) ** 2))
}

describe('the correlations of a portfolio', () => {
  test('are a row with the matrix, which the view shows pair by pair', async () => {
    const lots = [
      worth('TLT', 20_000),
      worth('AAA', 25_000),
      worth('AAA', 5_000),
      worth('BBB', -30_000),
    ]
    const id = await enter(world, 'book', lots)
    expect(await correlate(EVENING)).toMatchObject({ processed: 1, skipped: 0, failed: 0 })
    const stored = await storedOf(id)
    expect(stored).toMatchObject({
      symbols: ['AAA', 'BBB', 'TLT'],
      included: 3,
      excluded: 0,
      quality: { observations: 90, is_repaired: false, excluded: [] },
    })
    const expected = [
      ['AAA', 'BBB'],
      ['AAA', 'TLT'],
      ['BBB', 'TLT'],
    ] as const
    const pairs = await pairsOf(id)
    expect(pairs.map(({ a, b }) => [a, b])).toEqual(expected)
    for (const [i, [a, b]] of expected.entries()) {
      // Closes have six decimals, the matrix single precision.
      expect(pairs[i]?.rho).toBeCloseTo(pearson(a, b), 5)
    }
    const mean = expected.reduce((sum, [a, b]) => sum + pearson(a, b), 0) / 3
    expect(stored?.overall).toBeCloseTo(mean, 5)
  })

  test('of the market by itself are one effective position', async () => {
    const id = await enter(world, 'index', [worth('SPY', 50_000)])
    await correlate(EVENING)
    expect(await storedOf(id)).toMatchObject({ symbols: ['SPY'], matrix: [], overall: null })
    expect((await storedOf(id))?.effective).toBeCloseTo(1, 12)
  })

  test('leave out what is small, by CORRELATION_MIN_VALUE and CORRELATION_MIN_WEIGHT', async () => {
    const lots = [worth('AAA', 30_000), worth('BBB', 30_000), worth('TLT', 9_000)]
    const id = await enter(world, 'book', lots)
    await correlate(EVENING)
    expect(await storedOf(id)).toMatchObject({
      symbols: ['AAA', 'BBB'],
      quality: { excluded: [{ symbol: 'TLT', reason: 'below_threshold' }] },
    })
    await world.refresh(EVENING, AGAIN, { settings: { correlationMinValue: 9_000 } })
    expect((await storedOf(id))?.symbols).toEqual(['AAA', 'BBB', 'TLT'])
    const settings = { correlationMinValue: 9_000, correlationMinWeight: 0.14 }
    await world.refresh(EVENING, AGAIN, { settings })
    expect((await storedOf(id))?.symbols).toEqual(['AAA', 'BBB'])
  })

  test('list what has too few returns', async () => {
    const recent = (RETURNS['AAA'] ?? new Float64Array()).slice(-20)
    await storeReturns(world, EVENING, { NEW: recent })
    const lots = [worth('AAA', 30_000), worth('BBB', 30_000), worth('NEW', 20_000)]
    const id = await enter(world, 'book', lots)
    expect((await correlate(EVENING)).metrics).toMatchObject({ symbols_left_out: 1 })
    expect(await storedOf(id)).toMatchObject({
      symbols: ['AAA', 'BBB'],
      excluded: 1,
      quality: { excluded: [{ symbol: 'NEW', reason: 'few_common_returns' }] },
    })
  })

  test('are not written again, and are the same after the phase by itself', async () => {
    const id = await enter(world, 'book', [worth('AAA', 30_000), worth('BBB', 30_000)])
    await correlate(EVENING)
    const before = await storedOf(id)
    const again = await correlate(EVENING, { ...AGAIN, phases: ['correlations'] })
    expect(again.metrics).toMatchObject({ rows_inserted: 0, rows_updated: 0, rows_deleted: 0 })
    expect(await storedOf(id)).toEqual(before)
  })
})

describe('a portfolio without correlations', () => {
  test('says why, and has no row any more', async () => {
    const id = await enter(world, 'book', [worth('AAA', 30_000), worth('BBB', 30_000)])
    await correlate(EVENING)
    expect(await storedOf(id)).toBeDefined()
    await sql`update positions set deleted_at = now() where portfolio_id = ${id}`.execute(world.db)
    expect(await correlate(EVENING, AGAIN)).toMatchObject({
      processed: 0,
      skipped: 1,
      reasons: { no_active_positions: 1 },
    })
    expect(await storedOf(id)).toBeUndefined()
    expect(await reasonsOf(world, 'correlations', id)).toEqual({
      correlations: 'no_active_positions',
    })
  })

  test.each([
    ['of PRIVATE holdings', [startup(50_000)], 'no_public_positions'],
    ['hedged to nothing', [worth('AAA', 40_000), worth('AAA', -40_000)], 'no_public_positions'],
  ])('%s: %#', async (_, lots, reason) => {
    const id = await enter(world, 'book', lots)
    await correlate(EVENING)
    expect(await storedOf(id)).toBeUndefined()
    expect(await reasonsOf(world, 'correlations', id)).toEqual({ correlations: reason })
  })
})

describe('on demand', () => {
  test('gives what the night stores', async () => {
    const lots = [worth('AAA', 30_000), worth('BBB', 30_000), worth('TLT', 9_000)]
    const id = await enter(world, 'book', lots)
    await correlate(EVENING)
    const stored = await storedOf(id)
    const now = await correlateNow(world.db, { portfolioId: id, date: session(EVENING), ...LIMITS })
    if (now?.success !== true) throw new Error('no correlations')
    expect([...now.metrics.matrix]).toEqual(stored?.matrix.map(Math.fround))
    expect(now.metrics.effectivePositions).toBe(stored?.effective)
  })

  test('says why there is nothing, and null for a portfolio without a snapshot', async () => {
    const id = await enter(world, 'cash', [])
    const date = session(EVENING)
    expect(await correlateNow(world.db, { portfolioId: id, date, ...LIMITS })).toBeNull()
    await world.refresh(EVENING)
    expect(await correlateNow(world.db, { portfolioId: id, date, ...LIMITS })).toEqual({
      success: false,
      reason: 'no_active_positions',
    })
  })
})
