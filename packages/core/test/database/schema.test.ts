import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { transaction } from '../../src/database/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())

const run = async (text: string, values: unknown[] = []): Promise<readonly unknown[]> => {
  const { rows } = await store.database.pool.query<Record<string, unknown>>(text, values)
  return rows
}

describe('plain SQL inserts work by the defaults', () => {
  test('a user, a portfolio, a lot, a bar and a snapshot need only what they are about', async () => {
    const rows = await run(
      `with u as (insert into users (email, password_hash, full_name)
                  values ('Ann@example.com', 'x', 'Ann') returning id),
            p as (insert into portfolios (user_id, name, account_name, account_type, equity_balance, initial_equity)
                  select id, 'Book', 'Main', 'taxable', 1000, 1000 from u returning *),
            l as (insert into positions (portfolio_id, symbol, position_type, investment_class,
                                         quantity, entry_price, entry_date)
                  select id, 'AAPL', 'LONG', 'PUBLIC', 10, 100, '2024-01-02' from p returning *),
            b as (insert into market_data_cache (symbol, date, close, data_source)
                  values ('AAPL', '2024-01-02', 100, 'file') returning *),
            s as (insert into portfolio_snapshots (portfolio_id, snapshot_date)
                  select id, '2024-01-02' from p returning *)
       select p.currency, p.is_active, l.quantity_basis_date = current_date as is_today,
              b.dividend, b.split_ratio, s.is_complete, s.num_positions
       from p, l, b, s`,
    )
    expect(rows).toEqual([
      {
        currency: 'USD',
        is_active: true,
        is_today: true,
        dividend: '0.000000',
        split_ratio: '1.0000000000',
        is_complete: false,
        num_positions: 0,
      },
    ])
  })
})

describe('unique keys', () => {
  test('an e-mail address is one whatever its case', async () => {
    const again = run(
      `insert into users (email, password_hash, full_name) values ('ANN@EXAMPLE.COM', 'y', 'Other')`,
    )
    await expect(again).rejects.toThrow('users_email_key')
  })

  test('an account name is free again when its portfolio is deleted', async () => {
    const insert = `insert into portfolios (user_id, name, account_name, account_type, equity_balance, initial_equity)
                    select id, 'Book', 'Main', 'taxable', 1, 1 from users`
    await expect(run(insert)).rejects.toThrow('portfolios_user_id_account_name_key')
    await run(`update portfolios set deleted_at = now()`)
    await expect(run(insert)).resolves.toEqual([])
    await expect(run(`update portfolios set deleted_at = null`)).rejects.toThrow('account_name_key')
  })

  test.each([
    ['positions', `update positions set position_type = 'BOTH'`],
    ['positions', `update positions set quantity = 0`],
    ['portfolio_snapshots', `update portfolio_snapshots set short_value = 0.01`],
    ['batch_run_history', `insert into batch_run_history (job_type, status) values ('x', 'odd')`],
    [
      'correlation_calculations',
      `insert into correlation_calculations (portfolio_id, calculation_date, symbols, matrix)
       select id, '2024-01-02', '{A,B,C}', '{0.1,0.2}' from portfolios limit 1`,
    ],
  ])('a value outside of what %s may hold is refused: %s', async (table, statement) => {
    await expect(run(statement)).rejects.toThrow(`${table}_`)
  })
})

describe('yearly partitions', () => {
  const planOf = async (condition: string, values: unknown[]): Promise<string> =>
    JSON.stringify(
      await run(
        `explain select sum(beta_value) from symbol_factor_exposures where ${condition}`,
        values,
      ),
    )

  test('a query for a range of dates reads the partitions of its years only', async () => {
    const plan = await planOf('calculation_date between $1 and $2', ['2023-11-01', '2024-02-01'])
    const years = new Set(plan.match(/symbol_factor_exposures_\d{4}/g))
    expect([...years].sort()).toEqual([
      'symbol_factor_exposures_2023',
      'symbol_factor_exposures_2024',
    ])
  })

  test.each(['1990-01-02', '2050-12-30'])('%s has a partition', async (date) => {
    const rows = await run(
      `insert into market_data_cache (symbol, date, data_source) values ('EDGE', $1, 'file')
       returning tableoid::regclass::text as partition`,
      [date],
    )
    expect(rows).toEqual([{ partition: `market_data_cache_${date.slice(0, 4)}` }])
  })

  test('the newest date is found at the right edge of one index per year, without sorting rows', async () => {
    const plan = await transaction(store.database, async ({ client }) => {
      // Empty partitions are cheapest read whole, which says nothing about full ones.
      await client.query('set local enable_seqscan = off')
      const text = 'explain select max(calculation_date) from symbol_factor_exposures'
      return JSON.stringify((await client.query<Record<string, string>>(text)).rows)
    })
    expect(plan).toContain('Backward')
    expect(plan).not.toContain('Seq Scan')
  })
})

describe('pairwise_correlations', () => {
  test('unnests the upper triangle row by row into pairs in ascending order', async () => {
    await run(
      `insert into correlation_calculations (portfolio_id, calculation_date, symbols, matrix)
       select id, '2024-01-02', '{A,C,B,D}', '{0.1,0.2,0.3,0.4,0.5,0.6}'
       from portfolios where deleted_at is null`,
    )
    const rows = await run(
      'select symbol_1, symbol_2, correlation_value from pairwise_correlations order by 1, 2',
    )
    // Rows of the triangle: A–C .1, A–B .2, A–D .3; C–B .4, C–D .5; B–D .6.
    expect(rows).toEqual([
      { symbol_1: 'A', symbol_2: 'B', correlation_value: 0.2 },
      { symbol_1: 'A', symbol_2: 'C', correlation_value: 0.1 },
      { symbol_1: 'A', symbol_2: 'D', correlation_value: 0.3 },
      { symbol_1: 'B', symbol_2: 'C', correlation_value: 0.4 },
      { symbol_1: 'B', symbol_2: 'D', correlation_value: 0.6 },
      { symbol_1: 'C', symbol_2: 'D', correlation_value: 0.5 },
    ])
  })
})
