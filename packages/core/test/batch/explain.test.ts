import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { sessionsBack, sessionsBetween } from '../../src/calendar/index.ts'
import type { LotFact } from '../portfolios/facts.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { session } from './batch-world.ts'
import {
  AGAIN,
  BEFORE,
  CALL,
  enter,
  EVENING,
  phaseOf,
  reasonsOf,
  RETURNS,
  startup,
  storeMarket,
  worth,
} from './risk-world.ts'

const FACTORS = [
  'Momentum',
  'Value',
  'Growth',
  'Size',
  'Quality',
  'Low Volatility',
  'Interest Rate',
]

let world: PortfolioWorld
beforeAll(async () => {
  world = await PortfolioWorld.create()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.clear()
  await storeMarket(world)
})

interface Explanation {
  readonly daily_pnl: number
  readonly factors: Readonly<Record<string, number>>
  readonly dividends: number
  readonly ex_dividend_fall: number
  readonly trades: number
  readonly private_revaluations: number
  readonly option_time_value: number
  readonly rest: number
  readonly rest_share: number | null
  readonly equity: number
  readonly coverage_pct: number | null
  readonly model_date: string
}
async function explanationOf(portfolioId: string): Promise<Explanation | undefined> {
  const rows = await world.rows(sql<{ value: Explanation }>`
    select value from daily_metrics where metric_date = ${EVENING} and metric_type = 'pnl_explain'
      and dimensions = jsonb_build_object('portfolio_id', ${portfolioId}::text)`)
  return rows[0]?.value
}
async function explained(portfolioId: string): Promise<Explanation> {
  const found = await explanationOf(portfolioId)
  if (found === undefined) throw new Error('no explanation')
  return found
}
/** Enters a portfolio as of the session before the evening. */
const held = (name: string, lots: readonly LotFact[], equity = 100_000) =>
  enter(world, name, lots, { equity, asOf: BEFORE })
/** Runs on both evenings and answers the figures of the second about P&L. */
async function bothEvenings() {
  await world.refresh(BEFORE)
  const phase = await phaseOf(world, 'stress_tests', EVENING)
  return phase.metrics['pnl_explain'] as Readonly<Record<string, unknown>>
}
/** What a symbol returned on the evening. */
const returnOf = (symbol: string) => RETURNS[symbol]?.at(-1) ?? NaN
const linesOf = (e: Explanation) =>
  Object.values(e.factors).reduce((sum, share) => sum + share, 0) +
  e.dividends +
  e.ex_dividend_fall +
  e.trades +
  e.private_revaluations +
  e.option_time_value +
  e.rest
/** Dollars that a lot worth so much on the evening gained on it. */
const gained = (symbol: string, dollars: number) => dollars - dollars / (1 + returnOf(symbol))

describe("a day's P&L", () => {
  test('of a book of the market is all the market', async () => {
    const id = await held('index', [worth('SPY', 80_000)])
    expect(await bothEvenings()).toMatchObject({ explained: 1, alarms: 0, reasons: {} })
    const e = await explained(id)
    expect(e.daily_pnl).toBeCloseTo(gained('SPY', 80_000), 1)
    expect(e.factors['Market']).toBeCloseTo(e.daily_pnl, 1)
    for (const factor of FACTORS) expect(Math.abs(e.factors[factor] ?? NaN)).toBeLessThan(0.05)
    expect(Math.abs(e.rest)).toBeLessThan(0.05)
    expect(e).toMatchObject({ model_date: BEFORE, coverage_pct: 100, equity: 100_000 })
  })

  test('of shares is the factors and what is their own, the lines adding up to the cent', async () => {
    const id = await held('book', [worth('AAA', 60_000), worth('BBB', -20_000)])
    await bothEvenings()
    const e = await explained(id)
    expect(linesOf(e)).toBeCloseTo(e.daily_pnl, 6)
    expect(e.daily_pnl).toBeCloseTo(gained('AAA', 60_000) + gained('BBB', -20_000), 1)
    expect(e.rest_share).toBeCloseTo(e.rest / 100_000, 9)
    expect(Math.abs(e.rest)).toBeLessThan(Math.abs(0.05 * 60_000))
  })

  test('of a long and a short of the same lot is nothing', async () => {
    const id = await held('flat', [worth('AAA', 40_000), worth('AAA', -40_000)])
    await bothEvenings()
    const e = await explained(id)
    expect([e.daily_pnl, e.rest, ...Object.values(e.factors).map(Math.abs)]).toEqual(
      new Array(10).fill(0),
    )
  })

  test('is the same after the phase by itself', async () => {
    const id = await held('book', [worth('AAA', 60_000)])
    await bothEvenings()
    const before = await explained(id)
    const phase = await phaseOf(world, 'stress_tests', EVENING, {
      ...AGAIN,
      phases: ['stress_tests'],
    })
    expect(phase.metrics['pnl_explain']).toMatchObject({ rows_inserted: 0, rows_updated: 0 })
    expect(await explained(id)).toEqual(before)
  })
})

describe('lines of their own', () => {
  test('are what was bought and sold at other prices than the marks', async () => {
    const id = await held('trader', [worth('SPY', 50_000)])
    const sold = await world.lot(id, worth('AAA', 10_000))
    await world.refresh(BEFORE)
    await world.lot(id, worth('BBB', 20_000, { entry: '97.5', entryDate: EVENING }))
    await world.closing(id, sold, { date: EVENING, quantity: '40', price: '101' })
    await world.refresh(EVENING)
    const e = await explained(id)
    // 200 shares of BBB bought 2.50 below their mark of 100, 40 of AAA sold a dollar above it.
    expect(e.trades).toBe(200 * 2.5 + 40)
    expect(linesOf(e)).toBeCloseTo(e.daily_pnl, 6)
    expect(Math.abs(e.rest)).toBeLessThan(0.05 * 10_000)
  })

  test('are dividends, beside the fall of prices that they go with', async () => {
    await sql`update market_data_cache set dividend = 2, close = 98 where symbol = 'SPY' and date = ${EVENING}`.execute(
      world.db,
    )
    const id = await held('income', [worth('SPY', 80_000)])
    await bothEvenings()
    const e = await explained(id)
    expect([e.dividends, e.ex_dividend_fall]).toEqual([1_600, -1_600])
    expect(e.factors['Market']).toBeCloseTo(e.daily_pnl, 1)
    expect(Math.abs(e.rest)).toBeLessThan(0.05)
  })

  test('are new values of PRIVATE holdings, in a book without factors too', async () => {
    const id = await held('owner', [])
    const lot = await world.lot(id, startup(30_000))
    await world.refresh(BEFORE)
    await world.valuation(lot, EVENING, '42000')
    await world.refresh(EVENING)
    expect(await explained(id)).toMatchObject({
      daily_pnl: 12_000,
      private_revaluations: 12_000,
      rest: 0,
      coverage_pct: null,
    })
  })

  test('are what options lose with time, by the Greeks of the day before', async () => {
    await world.bars(CALL, { [BEFORE]: '4', [EVENING]: '3.9' })
    const call = worth(CALL, 0, {
      quantity: '10',
      entry: '4',
      investmentClass: 'OPTIONS',
      underlying: 'SPY',
    })
    const id = await held('calls', [call])
    await bothEvenings()
    const [greeks] = await world.rows(sql<{ theta: number; delta: number }>`
      select theta, delta_dollars as delta from position_greeks where calculation_date = ${BEFORE}`)
    const e = await explained(id)
    expect(e.option_time_value).toBeCloseTo((greeks?.theta ?? NaN) / 365, 2)
    expect(e.factors['Market']).toBeCloseTo((greeks?.delta ?? NaN) * returnOf('SPY'), 1)
    expect(linesOf(e)).toBeCloseTo(e.daily_pnl, 6)
  })
})

describe('a day that is not explained', () => {
  test('has a reason: the first snapshot, a gap before, a model without its market', async () => {
    const first = await enter(world, 'first', [worth('SPY', 80_000)])
    const gap = await enter(world, 'gap', [worth('SPY', 80_000)], { asOf: sessionsBack(BEFORE, 1) })
    await world.refresh(sessionsBack(BEFORE, 1))
    await world.refresh(EVENING, {
      dates: { kind: 'target', target: session(EVENING), backfill: false },
    })
    expect(await explanationOf(first)).toBeUndefined()
    expect(await reasonsOf(world, 'pnl_explain', first)).toEqual({
      pnl_explain: 'insufficient_observations',
    })
    expect(await reasonsOf(world, 'pnl_explain', gap)).toEqual({ pnl_explain: 'stale_exposures' })
    await sql`delete from market_data_cache where symbol = 'SPY' and date = ${EVENING}`.execute(
      world.db,
    )
    const book = await held('book', [worth('AAA', 50_000)])
    await world.refresh(EVENING)
    expect(await reasonsOf(world, 'pnl_explain', book)).toEqual({ pnl_explain: 'no_price_data' })
  })

  test('loses the explanation it had', async () => {
    const id = await held('book', [worth('AAA', 60_000)])
    await bothEvenings()
    expect(await explanationOf(id)).toBeDefined()
    await sql`delete from market_data_cache where symbol = 'SPY' and date = ${EVENING}`.execute(
      world.db,
    )
    await world.refresh(EVENING, AGAIN)
    expect(await explanationOf(id)).toBeUndefined()
  })
})

describe('P&L that stays unexplained', () => {
  /** Gives AAA a wrong price on the evening. */
  const spoil = () =>
    sql`update market_data_cache set close = 125 where symbol = 'AAA' and date = ${EVENING}`.execute(
      world.db,
    )
  /** Pretends that the portfolio's rests of earlier sessions swung by so much. */
  async function pretendSwings(portfolioId: string, swing: number): Promise<void> {
    const sessions = sessionsBetween(sessionsBack(session(EVENING), 63), sessionsBack(BEFORE, 1))
    await sql`
      insert into daily_metrics (metric_date, metric_type, dimensions, value)
      select day, 'pnl_explain', jsonb_build_object('portfolio_id', ${portfolioId}::text),
             jsonb_build_object('rest_share', case when n % 2 = 0 then 1 else -1 end * ${swing}::float8)
      from unnest(${sessions}::date[]) with ordinality as s (day, n)
    `.execute(world.db)
  }

  test('above PNL_REST_ALERT is an alert that names portfolio and amounts, the same night', async () => {
    const id = await held('Growth', [worth('AAA', 50_000)])
    await held('Calm', [worth('SPY', 50_000)])
    await world.refresh(BEFORE)
    await spoil()
    const { status, alerts } = await world.refresh(EVENING)
    expect(status).toBe('completed_with_warnings')
    const { rest, daily_pnl, rest_share } = await explained(id)
    expect(rest).toBeGreaterThan(10_000)
    const percent = (100 * (rest_share ?? NaN)).toFixed(1)
    expect(alerts).toEqual([
      `${EVENING} stress_tests: Growth: ${rest.toFixed(2)} of the day's P&L of ${daily_pnl.toFixed(2)} is unexplained, ${percent} % of equity`,
    ])
  })

  test('is none below the share that is set', async () => {
    await held('Growth', [worth('AAA', 50_000)])
    await world.refresh(BEFORE)
    await spoil()
    const { alerts } = await world.refresh(EVENING, {}, { settings: { pnlRestAlert: 0.2 } })
    expect(alerts).toEqual([])
  })

  test('is none either within five deviations of what the portfolio is used to', async () => {
    const id = await held('Wild', [worth('AAA', 50_000)])
    const calm = await held('Calm', [worth('AAA', 50_000)])
    await world.refresh(BEFORE)
    await pretendSwings(id, 0.1)
    await pretendSwings(calm, 0.001)
    await spoil()
    const { alerts } = await world.refresh(EVENING)
    expect(alerts).toEqual([expect.stringContaining('stress_tests: Calm:')])
  })
})
