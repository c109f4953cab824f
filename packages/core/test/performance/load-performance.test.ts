import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { sessionsBack } from '../../src/calendar/index.ts'
import { loadPerformance, tailRisk } from '../../src/performance/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { range, session } from '../batch/batch-world.ts'
import { randomReturns, storeReturns } from '../batch/stored-returns.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'

const EVENING = session('2025-07-10')
/** Enough for a comparison with the index. */
const NIGHTS = 25
const FIRST = sessionsBack(EVENING, NIGHTS)
const [SPY = new Float64Array(), AAA = SPY] = randomReturns(11, 2)
const growth = (returns: Float64Array) => returns.reduce((product, r) => product * (1 + r), 1) - 1

describe('the performance of a portfolio', () => {
  let world: PortfolioWorld
  let [inSpy, inAaa] = ['', '']
  beforeAll(async () => {
    world = await PortfolioWorld.create()
    await storeReturns(world, EVENING, { SPY, AAA })
    inSpy = await fullyIn('SPY')
    inAaa = await fullyIn('AAA')
    await world.refresh(EVENING, range(FIRST, EVENING))
  })
  afterAll(() => world[Symbol.asyncDispose]())

  /** Everything in one symbol, from the first evening on. */
  async function fullyIn(symbol: string): Promise<string> {
    const { rows } = await sql<{ close: string }>`
      select close from market_data_cache where symbol = ${symbol} and date = ${FIRST}
    `.execute(world.db)
    const price = rows[0]?.close ?? ''
    const equity = (1_000 * Number(price)).toFixed(2)
    const id = await world.portfolio({ name: symbol, equity, asOf: FIRST })
    await world.lot(id, { symbol, quantity: '1000', entry: price, entryDate: FIRST })
    return id
  }
  const performanceOf = (portfolioId: string, through = EVENING) =>
    loadPerformance(world.db, {
      portfolioId,
      through,
      riskFreeRate: 0.045,
      benchmark: 'SPY' as Ticker,
    })

  test('that is the index equals the index', async () => {
    const { record, tailRisk: tail } = await performanceOf(inSpy)
    const metrics = metricsOf(record)
    expect(metrics).toMatchObject({ from: FIRST, to: EVENING, observations: NIGHTS })
    expect(metrics.timeWeightedReturn).toBeCloseTo(growth(SPY.subarray(-NIGHTS)), 6)
    expect(metrics.benchmark?.beta).toBeCloseTo(1, 5)
    expect(metrics.benchmark?.trackingError).toBeCloseTo(0, 5)
    expect(metrics.benchmark?.excessReturn).toBeCloseTo(0, 6)
    const { at95, at99, coveragePct } = metricsOf(tail)
    expect(coveragePct).toBe(100)
    expect(at95?.valueAtRisk).toBeCloseTo(tailRisk(SPY, 0.95)?.valueAtRisk ?? NaN, 6)
    expect(at99?.expectedShortfall).toBeCloseTo(tailRisk(SPY, 0.99)?.expectedShortfall ?? NaN, 6)
  })

  test('through an earlier session knows nothing of later ones', async () => {
    const middle = sessionsBack(EVENING, 5)
    const { record, tailRisk: tail } = await performanceOf(inAaa, middle)
    const metrics = metricsOf(record)
    expect(metrics.to).toBe(middle)
    expect(metrics.timeWeightedReturn).toBeCloseTo(growth(AAA.subarray(-NIGHTS, -5)), 6)
    expect(metricsOf(tail).at95?.valueAtRisk).toBeCloseTo(
      tailRisk(AAA.subarray(0, -5), 0.95)?.valueAtRisk ?? NaN,
      6,
    )
  })

  test('without snapshots says why there is none', async () => {
    const id = await world.portfolio({ name: 'new', equity: '1000', asOf: EVENING })
    expect(await performanceOf(id)).toEqual({
      record: { success: false, reason: 'insufficient_observations' },
      tailRisk: { success: false, reason: 'no_active_positions' },
    })
  })
})
