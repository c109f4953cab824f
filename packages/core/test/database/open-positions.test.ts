import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

let store: TestDatabase
let portfolioId: string
beforeAll(async () => {
  store = await createTestDatabase()
  const { rows } = await store.database.pool.query<{ id: string }>(
    `with u as (insert into users (email, password_hash, full_name) values ('a@b.c', 'x', 'A') returning id)
     insert into portfolios (user_id, name, account_name, account_type, equity_balance, initial_equity)
     select id, 'P', 'P', 'taxable', 1, 1 from u returning id`,
  )
  portfolioId = rows[0]?.id ?? ''
})
afterAll(() => store.drop())
beforeEach(async () => {
  // DELETE, because TRUNCATE works on every one of the yearly partitions.
  await store.database.pool.query(
    'delete from market_data_cache; delete from symbol_factor_exposures; delete from positions',
  )
})

interface Lot {
  readonly quantity: number
  readonly symbol?: string
  readonly type?: string
  readonly class?: string
  readonly basis?: string
  readonly underlying?: string
}

const one = async <T>(text: string, values: readonly unknown[]): Promise<T | undefined> => {
  const { rows } = await store.database.pool.query<{ value: T }>(text, [...values])
  return rows[0]?.value
}

/** A lot entered on 2024-01-02. */
const insertLot = async (lot: Lot): Promise<string> => {
  const id = await one<string>(
    `insert into positions (portfolio_id, symbol, position_type, investment_class, quantity,
                            entry_price, entry_date, quantity_basis_date, underlying_symbol)
     values ($1, $2, $3, $4, $5, 10, '2024-01-02', $6, $7) returning id as value`,
    [
      portfolioId,
      lot.symbol ?? 'XYZ',
      lot.type ?? 'LONG',
      lot.class ?? 'PUBLIC',
      lot.quantity,
      lot.basis ?? '2024-01-02',
      lot.underlying ?? null,
    ],
  )
  return id ?? ''
}
const close = (position: string, date: string, quantity: number) =>
  one(
    `insert into position_realized_events (position_id, portfolio_id, trade_date, quantity_closed, exit_price)
     values ($1, $2, $3, $4, 10)`,
    [position, portfolioId, date, quantity],
  )
const split = (date: string, ratio: string) =>
  one(
    `insert into market_data_cache (symbol, date, split_ratio, data_source) values ('XYZ', $1, $2, 'file')`,
    [date, ratio],
  )
const openOn = (position: string, date: string) =>
  one<string>('select position_open_quantity($1, $2) as value', [position, date])
const isActive = (position: string, date: string) =>
  one<boolean>('select exists (select from active_positions($2) where id = $1) as value', [
    position,
    date,
  ])

describe('open quantity', () => {
  test('is what was opened less what was closed by the date, signed as the lot', async () => {
    const long = await insertLot({ quantity: 100 })
    const short = await insertLot({ quantity: -100, type: 'SHORT' })
    for (const lot of [long, short]) await close(lot, '2024-01-10', 30)
    expect(await openOn(long, '2024-01-09')).toBe('100.000000')
    expect(await openOn(long, '2024-01-10')).toBe('70.000000')
    expect(await openOn(short, '2024-01-10')).toBe('-70.000000')
  })

  test('follows a split from its ex-date on, and closings on either share basis', async () => {
    const lot = await insertLot({ quantity: 100 })
    await split('2024-02-01', '2')
    await close(lot, '2024-01-15', 10)
    await close(lot, '2024-02-15', 20)
    expect(await openOn(lot, '2024-01-31')).toBe('90.000000')
    expect(await openOn(lot, '2024-02-01')).toBe('180.000000')
    expect(await openOn(lot, '2024-02-15')).toBe('160.000000')
  })

  test('looks back from a basis date after the split', async () => {
    const lot = await insertLot({ quantity: 200, basis: '2024-03-01' })
    await split('2024-02-01', '2')
    expect(await openOn(lot, '2024-01-02')).toBe('100.000000')
    expect(await openOn(lot, '2024-02-01')).toBe('200.000000')
  })

  test('is exactly zero after closing all of a lot through a split of thirds', async () => {
    const lot = await insertLot({ quantity: 3_000_000 })
    await split('2024-02-01', '0.3333333333')
    await close(lot, '2024-01-15', 300_000)
    await close(lot, '2024-02-15', 900_000)
    expect(await openOn(lot, '2024-02-14')).toBe('900000.000000')
    expect(await openOn(lot, '2024-02-15')).toBe('0.000000')
    expect(await isActive(lot, '2024-02-15')).toBe(false)
  })

  test('two splits multiply: 7 for 1, then 1 for 8', async () => {
    const lot = await insertLot({ quantity: 8 })
    await split('2024-02-01', '7')
    await split('2024-03-01', '0.125')
    expect(await openOn(lot, '2024-02-01')).toBe('56.000000')
    expect(await openOn(lot, '2024-03-01')).toBe('7.000000')
  })

  test('a split of a listed symbol does not touch a PRIVATE lot of the same spelling', async () => {
    const lot = await insertLot({ quantity: 100, class: 'PRIVATE' })
    await split('2024-02-01', '2')
    await close(lot, '2024-02-15', 40)
    expect(await openOn(lot, '2024-02-15')).toBe('60.000000')
  })
})

describe('active positions', () => {
  test('a lot is active from its entry date until nothing is left or it is deleted', async () => {
    const lot = await insertLot({ quantity: 100 })
    await close(lot, '2024-01-10', 60)
    await close(lot, '2024-01-12', 40)
    const dates = ['2024-01-01', '2024-01-02', '2024-01-11', '2024-01-12']
    const active = []
    for (const date of dates) active.push(await isActive(lot, date))
    expect(active).toEqual([false, true, true, false])
    await one('update positions set deleted_at = now() where id = $1', [lot])
    expect(await isActive(lot, '2024-01-11')).toBe(false)
  })
})

describe('exposures of positions', () => {
  const DATE = '2024-01-10'
  const addBeta = (symbol: string, beta: number) =>
    one(
      `insert into symbol_factor_exposures (symbol, factor_id, calculation_date, beta_value, std_error,
         observations, calculation_method, regression_window_days)
       select $1, id, $2, $3, 0.2, 90, calculation_method, window_days
       from factor_definitions where name = 'Market Beta (90D)'`,
      [symbol, DATE, beta],
    )
  const exposures = async (): Promise<readonly unknown[]> => {
    const { rows } = await store.database.pool.query<Record<string, unknown>>(
      `select position_id, exposure_value, quality_flag from position_factor_exposures
       where calculation_date = $1`,
      [DATE],
    )
    return rows
  }

  test("a share has its symbol's beta, a closed or PRIVATE lot has none", async () => {
    const held = await insertLot({ quantity: 100 })
    const sold = await insertLot({ quantity: 50 })
    await close(sold, '2024-01-09', 50)
    await insertLot({ quantity: 1, class: 'PRIVATE' })
    await addBeta('XYZ', 1.5)
    expect(await exposures()).toEqual([
      { position_id: held, exposure_value: 1.5, quality_flag: 'full_history' },
    ])
    const betas = await store.database.pool.query(
      'select position_id, beta, std_error, observations, window_days from position_market_betas',
    )
    expect(betas.rows).toEqual([
      { position_id: held, beta: 1.5, std_error: 0.2, observations: 90, window_days: 90 },
    ])
  })

  test('an option has delta dollars over its value times the beta of its underlying', async () => {
    const symbol = 'XYZ240119P00150000'
    const lot = await insertLot({
      quantity: 2,
      symbol,
      type: 'LP',
      class: 'OPTIONS',
      underlying: 'XYZ',
    })
    await addBeta('XYZ', 1.5)
    expect(await exposures()).toEqual([])
    await one(
      `insert into position_greeks (position_id, calculation_date, delta_dollars) values ($1, $2, -8000)`,
      [lot, DATE],
    )
    expect(await exposures()).toEqual([])
    await one(
      `insert into market_data_cache (symbol, date, close, data_source) values ($1, '2024-01-09', 5, 'file')`,
      [symbol],
    )
    // Value 2 × 100 × 5 = 1,000; leverage −8,000 ÷ 1,000 = −8; exposure −8 × 1.5.
    expect(await exposures()).toEqual([
      { position_id: lot, exposure_value: -12, quality_flag: 'full_history' },
    ])
  })

  test('an exposure keeps its id', async () => {
    await insertLot({ quantity: 100 })
    await addBeta('XYZ', 1.5)
    const ids = 'select array_agg(id order by id) as value from position_factor_exposures'
    const first = await one<string[]>(ids, [])
    expect(first).toHaveLength(1)
    expect(await one<string[]>(ids, [])).toEqual(first)
  })
})
