import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { nextSession, sessionsBetween } from '../../src/calendar/index.ts'
import {
  priceOption,
  yearsToExpiration,
  type OptionTerms,
  type OptionValue,
} from '../../src/options-pricing/index.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { annualVolatility } from '../../src/volatility/index.ts'
import { range, session } from './batch-world.ts'
import { randomReturns, storeReturns } from './stored-returns.ts'

const EVENING = '2025-07-10'
const CALL = 'ACME250919C00100000'
const PUT = 'ACME250919P00090000'
const [ACME = new Float64Array(), SPY = new Float64Array()] = randomReturns(7, 2)

/** The value of one option on one share when ACME costs so much. */
function valued(
  terms: Partial<OptionTerms>,
  volatility: number,
  evening: string = EVENING,
): OptionValue {
  const years = yearsToExpiration(session(evening), session('2025-09-19'))
  const usual = { right: 'C', spot: 100, strike: 100, rate: 0.045, dividendYield: 0 } as const
  return priceOption({ ...usual, years, ...terms }, volatility)
}

describe('the Greeks of a night', () => {
  let world: PortfolioWorld
  beforeAll(async () => {
    world = await PortfolioWorld.create()
  })
  afterAll(() => world[Symbol.asyncDispose]())
  beforeEach(async () => {
    await world.clear()
    await storeReturns(world, EVENING, { ACME, SPY })
  })

  const option = (symbol: string, quantity: string) => ({
    symbol,
    quantity,
    investmentClass: 'OPTIONS' as const,
    underlying: 'ACME',
    entry: '5',
    entryDate: '2025-06-02',
  })
  const shares = (symbol: string, quantity: string) => ({
    symbol,
    quantity,
    entry: '100',
    entryDate: '2025-06-02',
  })
  async function portfolioOf(
    name: string,
    lots: readonly Parameters<PortfolioWorld['lot']>[1][],
  ): Promise<string> {
    const id = await world.portfolio({ name, equity: '100000', asOf: EVENING })
    for (const lot of lots) await world.lot(id, lot)
    return id
  }
  const closeOf = (price: number) => ({ [EVENING]: price.toFixed(6) })
  const greeks = async (date = EVENING) =>
    world.rows(
      sql<Record<string, number> & { model: string }>`
        select p.symbol, g.* from position_greeks g join positions p on p.id = g.position_id
        where g.calculation_date = ${date} order by p.symbol`,
    )
  const sums = async (id: string, date = EVENING) =>
    (
      await world.rows(
        sql<Record<'delta' | 'gamma' | 'theta' | 'vega', number | null>>`
          select portfolio_delta as delta, portfolio_gamma as gamma, portfolio_theta as theta,
                 portfolio_vega as vega
          from portfolio_snapshots where portfolio_id = ${id} and snapshot_date = ${date}`,
      )
    )[0]
  const reasonOf = async (id: string, date = EVENING) =>
    (
      await world.rows(
        sql<{ value: unknown }>`
          select value from daily_metrics where metric_type = 'greeks_unavailable'
            and metric_date = ${date} and dimensions = jsonb_build_object('portfolio_id', ${id}::text)`,
      )
    )[0]?.value
  const phaseOf = async (...run: Parameters<PortfolioWorld['refresh']>) => {
    const result = await world.refresh(...run)
    return result.dates.at(-1)?.phases['greeks']
  }

  test('are those of the volatility that the close of the session implies', async () => {
    const call = valued({}, 0.3)
    const put = valued({ right: 'P', strike: 90 }, 0.4)
    await world.bars(CALL, closeOf(call.price))
    await world.bars(PUT, closeOf(put.price))
    const lots = [option(CALL, '-2'), option(PUT, '5'), shares('ACME', '300'), shares('SPY', '-50')]
    const id = await portfolioOf('book', lots)
    expect(await phaseOf(EVENING)).toMatchObject({
      processed: 1,
      reasons: {},
      metrics: { options_bsm: 2, options_bsm_hist_vol: 0, options_without_greeks: 0 },
    })

    const [short, long] = await greeks()
    expect(short).toMatchObject({ model: 'bsm' })
    expect(short?.['implied_volatility']).toBeCloseTo(0.3, 6)
    expect(long?.['implied_volatility']).toBeCloseTo(0.4, 6)
    for (const greek of ['delta', 'gamma', 'theta', 'vega', 'rho'] as const) {
      expect(short?.[greek]).toBeCloseTo(-200 * call[greek], 2)
      expect(long?.[greek]).toBeCloseTo(500 * put[greek], 2)
    }
    expect(short?.['delta_dollars']).toBeCloseTo(-200 * call.delta * 100, 1)
    expect(short?.['gamma_dollars']).toBeCloseTo(-200 * call.gamma * 100, 2)

    const total = await sums(id)
    const options = 100 * (-200 * call.delta + 500 * put.delta)
    expect(total?.delta).toBeCloseTo(300 * 100 - 50 * 100 + options, 1)
    expect(total?.gamma).toBeCloseTo(100 * (-200 * call.gamma + 500 * put.gamma), 2)
    expect(total?.theta).toBeCloseTo((-200 * call.theta + 500 * put.theta) / 365, 2)
    expect(total?.vega).toBeCloseTo((-200 * call.vega + 500 * put.vega) / 100, 2)
  })

  test('take the dividend yield from the profile and the rate from the settings', async () => {
    await sql`insert into company_profiles (symbol, dividend_yield) values ('ACME', 0.06)`.execute(
      world.db,
    )
    const call = valued({ rate: 0.01, dividendYield: 0.06 }, 0.3)
    await world.bars(CALL, closeOf(call.price))
    await portfolioOf('book', [option(CALL, '1')])
    await world.refresh(EVENING, {}, { settings: { riskFreeRate: 0.01 } })
    expect((await greeks())[0]?.['implied_volatility']).toBeCloseTo(0.3, 6)
  })

  test('keep the last volatility for five sessions without a close, then take what was realised', async () => {
    await world.bars(CALL, closeOf(valued({}, 0.3).price))
    const id = await portfolioOf('book', [option(CALL, '1'), shares('ACME', '10')])
    const later = sessionsBetween(nextSession(session(EVENING)), session('2025-07-18'))
    for (const date of later) await world.bars('ACME', { [date]: '100' })
    for (const date of later) await world.bars('SPY', { [date]: '100' })
    const models: unknown[] = []
    await world.refresh(EVENING)
    for (const date of later) {
      await world.refresh(date)
      const [row] = await greeks(date)
      models.push(row?.model)
      if (row?.model === 'bsm_last_vol') expect(row['implied_volatility']).toBeCloseTo(0.3, 6)
    }
    expect(models).toEqual([...new Array<string>(5).fill('bsm_last_vol'), 'bsm_hist_vol'])
    const returns = Float64Array.of(...ACME.subarray(-57), ...new Float64Array(6))
    const last = await greeks(later.at(-1))
    expect(last[0]?.['implied_volatility']).toBeCloseTo(annualVolatility(returns), 6)
    // By then the option's own mark is missing, one of two: there is no sum any more.
    expect(await sums(id, later.at(-1))).toEqual({
      delta: null,
      gamma: null,
      theta: null,
      vega: null,
    })
    expect(await reasonOf(id, later.at(-1))).toEqual({ greeks: 'insufficient_marks' })
  })

  test('do not depend on which runs there were', async () => {
    await world.bars(CALL, closeOf(valued({}, 0.3).price))
    const next = nextSession(session(EVENING))
    for (const symbol of ['ACME', 'SPY']) await world.bars(symbol, { [next]: '100' })
    await portfolioOf('before', [option(CALL, '1')])
    await world.refresh(EVENING)
    await portfolioOf('new', [option(CALL, '1')])
    await world.refresh(next)
    expect((await greeks(next)).map(({ model }) => model)).toEqual(['bsm_last_vol', 'bsm_last_vol'])
  })

  test('of a close that implies none fall back on what was realised, and say so', async () => {
    // In the money by 10, and cheaper than that.
    const deep = 'ACME250919C00090000'
    await world.bars(deep, closeOf(9))
    await portfolioOf('book', [option(deep, '1')])
    expect((await phaseOf(EVENING))?.metrics).toMatchObject({
      options_bsm_hist_vol: 1,
      implied_below_intrinsic: 1,
    })
    const [row] = await greeks()
    expect(row?.['implied_volatility']).toBeCloseTo(annualVolatility(ACME.subarray(-63)), 6)
  })

  test('do not exist without a close of the underlying, nor with too short a history', async () => {
    await sql`delete from market_data_cache where symbol = 'ACME' and date = ${EVENING}`.execute(
      world.db,
    )
    await world.bars(CALL, closeOf(4))
    const id = await portfolioOf('book', [option(CALL, '1'), shares('SPY', '1')])
    await world.bars('YOUNG', closeOf(100))
    const young = 'YOUNG250919C00100000'
    const lot = { ...option(young, '1'), underlying: 'YOUNG' }
    const other = await portfolioOf('other', [lot])
    expect(await phaseOf(EVENING, {}, { settings: { analyticsMaxMissingShare: 1 } })).toMatchObject(
      {
        processed: 0,
        skipped: 2,
        reasons: { no_price_data: 1, no_greeks: 1 },
        metrics: { options_without_greeks: 2 },
      },
    )
    expect(await greeks()).toEqual([])
    expect(await sums(id)).toEqual({ delta: null, gamma: null, theta: null, vega: null })
    expect(await reasonOf(id)).toEqual({ greeks: 'no_price_data' })
    expect(await reasonOf(other)).toEqual({ greeks: 'no_greeks' })
  })

  test('are unmoved by a split of the underlying', async () => {
    const call = valued({}, 0.3)
    await world.bars(CALL, closeOf(call.price))
    await portfolioOf('book', [option(CALL, '3')])
    await world.refresh(EVENING)
    const [before] = await greeks()
    const next = nextSession(session(EVENING))
    await world.bars('ACME', { [next]: { close: '25', split: '4' } })
    await world.bars('SPY', { [next]: '100' })
    const after = 'ACME250919C00025000'
    const quarter = valued({ spot: 25, strike: 25 }, 0.3, next)
    await world.bars(after, { [next]: quarter.price.toFixed(6) })
    await world.refresh(next)
    const [row] = await greeks(next)
    expect(row?.['implied_volatility']).toBeCloseTo(0.3, 6)
    expect(row?.['delta']).toBeCloseTo(1_200 * quarter.delta, 2)
    // A day less to run is all that differs.
    expect(row?.['delta_dollars']).toBeCloseTo(Number(before?.['delta_dollars']), -2)
  })

  test('of an expired option are none', async () => {
    await world.bars('ACME250710C00090000', closeOf(10))
    await portfolioOf('book', [option('ACME250710C00090000', '1'), shares('SPY', '1')])
    expect(await phaseOf(EVENING)).toMatchObject({
      processed: 1,
      metrics: { options_without_greeks: 0 },
    })
    expect(await greeks()).toEqual([])
  })

  test('of a portfolio that needs none say why', async () => {
    const cash = await portfolioOf('cash', [])
    const startup = { ...shares('STARTUP', '10'), investmentClass: 'PRIVATE' as const }
    const owner = await portfolioOf('owner', [startup])
    const stocks = await portfolioOf('stocks', [shares('ACME', '10')])
    expect(await phaseOf(EVENING)).toMatchObject({
      processed: 1,
      skipped: 2,
      reasons: { no_active_positions: 1, no_public_positions: 1 },
    })
    expect(await reasonOf(cash)).toEqual({ greeks: 'no_active_positions' })
    expect(await reasonOf(owner)).toEqual({ greeks: 'no_public_positions' })
    expect(await reasonOf(stocks)).toBeUndefined()
    expect(await sums(stocks)).toEqual({ delta: 1_000, gamma: 0, theta: 0, vega: 0 })
  })

  test('are not written a second time, and go when they can no longer be computed', async () => {
    await world.bars(CALL, closeOf(valued({}, 0.3).price))
    const id = await portfolioOf('book', [option(CALL, '1')])
    await world.refresh(EVENING)
    const again = { ...range(EVENING, EVENING), force: true }
    const nothing = { rows_inserted: 0, rows_updated: 0, rows_deleted: 0 }
    expect((await phaseOf(EVENING, again))?.metrics).toMatchObject(nothing)
    const rows = await greeks()
    await sql`delete from market_data_cache where symbol = 'ACME'`.execute(world.db)
    await phaseOf(EVENING, again)
    expect([rows.length, (await greeks()).length]).toEqual([1, 0])
    expect((await sums(id))?.delta).toBeNull()
  })
})
