import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { lot } from '../pnl/world.ts'
import { insertBetas, insertLot, insertPortfolio, MARKET } from './stored-facts.ts'

const BEFORE_SPLIT = '2024-02-29'
const SPLIT = '2024-03-01'
const AFTER_SALE = '2024-03-04'

let store: TestDatabase
const ids: Record<string, string> = {}
const nameOf = (id: string) => Object.entries(ids).find(([, value]) => value === id)?.[0]

/** A share that splits 3:1, held in several lots of which one is sold out after the split. */
beforeAll(async () => {
  store = await createTestDatabase()
  const { database } = store
  const portfolio = await insertPortfolio(database, 'P')
  const on = '2024-01-02'
  const lots = {
    long: lot({ symbol: 'TRIO', quantity: '10', entry: '90', on }),
    short: lot({ symbol: 'TRIO', quantity: '-4', entry: '90', on }),
    sold: lot({
      symbol: 'TRIO',
      quantity: '5',
      entry: '90',
      on,
      closed: [[AFTER_SALE, '15', '31']],
    }),
    later: lot({ symbol: 'TRIO', quantity: '1', entry: '30', on: AFTER_SALE }),
    other: lot({ symbol: 'SOLO', quantity: '7', entry: '20', on }),
    owned: lot({ symbol: 'TRIO', class: 'PRIVATE', quantity: '1', entry: '50000', on }),
    unknown: lot({ symbol: 'NEWCO', quantity: '1', entry: '5', on }),
  }
  for (const [name, one] of Object.entries(lots))
    ids[name] = await insertLot(database, portfolio, one)
  await sql`
    insert into market_data_cache (symbol, date, close, split_ratio, data_source)
    values ('TRIO', ${BEFORE_SPLIT}, 90, 1, 'file'), ('TRIO', ${SPLIT}, 30.5, 3, 'file'),
           ('TRIO', ${AFTER_SALE}, 31, 1, 'file')
  `.execute(database.db)
  for (const date of [BEFORE_SPLIT, SPLIT, AFTER_SALE]) {
    await insertBetas(database, date, [
      { symbol: 'TRIO', factor: MARKET, beta: 1.5, stdError: 0.2 },
      { symbol: 'TRIO', factor: 'Value', beta: -0.5, stdError: 0.1 },
      { symbol: 'SOLO', factor: MARKET, beta: 0.8, stdError: 0.3 },
    ])
  }
})
afterAll(() => store.drop())

async function exposuresOn(date: string) {
  const { rows } = await sql<{ position_id: string; factor: string; value: number }>`
    select e.position_id, d.name as factor, e.exposure_value as value
    from position_factor_exposures e join factor_definitions d on d.id = e.factor_id
    where e.calculation_date = ${date}
  `.execute(store.database.db)
  return rows.map(({ position_id, factor, value }) => [nameOf(position_id), factor, value]).sort()
}

const trio = (name: string) => [
  [name, MARKET, 1.5],
  [name, 'Value', -0.5],
]

describe('exposures of positions', () => {
  test("every open lot has its symbol's betas, long or short; PRIVATE and unknown ones have none", async () => {
    const expected = [...trio('long'), ['other', MARKET, 0.8], ...trio('short'), ...trio('sold')]
    expect(await exposuresOn(BEFORE_SPLIT)).toEqual(expected)
  })

  test('a split leaves them as they are', async () => {
    expect(await exposuresOn(SPLIT)).toEqual(await exposuresOn(BEFORE_SPLIT))
  })

  test('a lot sold out on the new share basis is gone from that day on, a new one is there', async () => {
    const expected = [...trio('later'), ...trio('long'), ['other', MARKET, 0.8], ...trio('short')]
    expect(await exposuresOn(AFTER_SALE)).toEqual(expected)
  })

  test('count(id) by position answers', async () => {
    const { rows } = await sql<{ position_id: string; rows: number }>`
      select position_id, count(id) as rows from position_factor_exposures
      where calculation_date = ${AFTER_SALE} group by position_id
    `.execute(store.database.db)
    expect(rows.map((row) => [nameOf(row.position_id), row.rows]).sort()).toEqual([
      ['later', 2],
      ['long', 2],
      ['other', 1],
      ['short', 2],
    ])
  })

  test('market betas carry the statistics of the fit', async () => {
    const { rows } = await sql`
      select beta, std_error, r_squared, observations, window_days from position_market_betas
      where calculation_date = ${AFTER_SALE} and position_id = ${ids['short']}
    `.execute(store.database.db)
    expect(rows).toEqual([
      { beta: 1.5, std_error: 0.2, r_squared: 0.5, observations: 90, window_days: 90 },
    ])
  })
})
