import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { transaction } from '../../src/database/index.ts'
import {
  savePortfolioExposures,
  selectBetas,
  selectDeltaDollars,
} from '../../src/exposures/index.ts'
import type { FactorExposure } from '../../src/exposures/portfolio-exposures.ts'
import { selectActiveDefinitions } from '../../src/factors/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { lot } from '../pnl/world.ts'
import { cents } from './exposure-world.ts'
import {
  insertBetas,
  insertLot,
  insertPortfolio,
  MARKET,
  PROVIDER,
  storedExposures,
} from './stored-facts.ts'

const DATE = '2024-03-01' as SessionDate
const EARLIER = '2024-02-29' as SessionDate

let store: TestDatabase
/** Of the market, the provider's and the interest rate factor. */
let factorIds: readonly string[]
beforeAll(async () => {
  store = await createTestDatabase()
  factorIds = (await selectActiveDefinitions(store.database.db)).slice(0, 3).map(({ id }) => id)
})
afterAll(() => store.drop())

describe('reading betas', () => {
  afterEach(() => store.database.pool.query('delete from symbol_factor_exposures'))
  const read = (symbols: readonly string[]) =>
    selectBetas(store.database.db, DATE, { factorIds, symbols: symbols as Ticker[] })

  test('gives each symbol its values in the order of the factors, to the last bit', async () => {
    await insertBetas(store.database, DATE, [
      { symbol: 'AAA', factor: 'IR Beta', beta: -0.1, stdError: 1 / 3 },
      { symbol: 'AAA', factor: MARKET, beta: 1.1, stdError: 0.1 },
      { symbol: 'AAA', factor: PROVIDER, beta: 1.3, stdError: null },
      { symbol: 'BBB', factor: 'IR Beta', beta: 0, stdError: 0 },
    ])
    const { bySymbol } = await read(['AAA', 'BBB'])
    const values = [...bySymbol].map(([symbol, { beta, stdError }]) => [
      symbol,
      [...beta],
      [...stdError],
    ])
    expect(values.sort()).toEqual([
      ['AAA', [1.1, 1.3, -0.1], [0.1, NaN, 1 / 3]],
      ['BBB', [NaN, NaN, 0], [NaN, NaN, 0]],
    ])
  })

  test('leaves out other dates, other symbols and factors that are not asked for', async () => {
    const fit = { symbol: 'AAA', factor: MARKET, beta: 1, stdError: 0.1 }
    await insertBetas(store.database, EARLIER, [fit])
    await insertBetas(store.database, DATE, [
      { ...fit, symbol: 'ZZZ' },
      { ...fit, factor: 'Value' },
    ])
    expect((await read(['AAA'])).bySymbol.size).toBe(0)
  })

  test('of nothing is nothing', async () => {
    expect((await read([])).bySymbol.size).toBe(0)
  })
})

describe('reading the delta dollars of options', () => {
  test('gives those of the date and the portfolios, and nothing for lots without Greeks', async () => {
    const { database } = store
    const [own, other] = [
      await insertPortfolio(database, 'own'),
      await insertPortfolio(database, 'other'),
    ]
    const call = lot({
      symbol: 'XYZ240315C00010000',
      class: 'OPTIONS',
      underlying: 'XYZ',
      quantity: '2',
      entry: '1',
      on: '2024-01-02',
    })
    const [with_, without, foreign] = [
      await insertLot(database, own, call),
      await insertLot(database, own, call),
      await insertLot(database, other, call),
    ]
    await sql`
      insert into position_greeks (position_id, calculation_date, delta_dollars)
      values (${with_}, ${DATE}, 1234.5), (${without}, ${DATE}, null), (${without}, ${EARLIER}, 7),
             (${foreign}, ${DATE}, 8)
    `.execute(database.db)
    expect(await selectDeltaDollars(database.db, DATE, [own])).toEqual(new Map([[with_, 1234.5]]))
  })
})

describe('saving the exposures of portfolios', () => {
  let ids: readonly string[]
  beforeAll(async () => {
    ids = [await insertPortfolio(store.database, 'A'), await insertPortfolio(store.database, 'B')]
  })
  beforeEach(() => store.database.pool.query('delete from factor_exposures'))

  const row = (
    factor: number,
    dollars: number,
    changes: Partial<FactorExposure> = {},
  ): FactorExposure => ({
    factorId: factorIds[factor] ?? '',
    exposureDollar: cents(dollars),
    exposureValue: dollars / 1_000_000,
    stdError: 0.01,
    coveragePct: 100,
    ...changes,
  })
  const save = (date: SessionDate, ...rows: readonly (readonly FactorExposure[])[]) =>
    transaction(store.database, (tx) =>
      savePortfolioExposures(tx, date, {
        factorIds,
        portfolios: rows.map((own, i) => ({ portfolioId: ids[i] ?? '', rows: own })),
      }),
    )

  test('inserts what is new, cents exact and missing values null', async () => {
    const missing = { exposureValue: null, stdError: null, coveragePct: null }
    const saved = await save(DATE, [row(0, 1_200_005)], [row(0, -7), row(1, 0, missing)])
    expect(saved).toEqual({ inserted: 3, updated: 0, deleted: 0 })
    expect(await storedExposures(store.database, DATE)).toEqual([
      {
        portfolio: 'A',
        factor: MARKET,
        value: 1.200005,
        dollars: '12000.05',
        stdError: 0.01,
        coverage: 100,
      },
      {
        portfolio: 'B',
        factor: MARKET,
        value: -0.000007,
        dollars: '-0.07',
        stdError: 0.01,
        coverage: 100,
      },
      {
        portfolio: 'B',
        factor: PROVIDER,
        value: null,
        dollars: '0.00',
        stdError: null,
        coverage: null,
      },
    ])
  })

  test('a repetition writes nothing', async () => {
    const rows = [[row(0, 100), row(1, 200, { stdError: null })], [row(0, 300)]]
    await save(DATE, ...rows)
    const versions = 'select xmin, ctid, updated_at from factor_exposures order by id'
    const before = (await store.database.pool.query(versions)).rows
    expect(await save(DATE, ...rows)).toEqual({ inserted: 0, updated: 0, deleted: 0 })
    expect((await store.database.pool.query(versions)).rows).toEqual(before)
  })

  test('updates what differs and deletes what has no value any more', async () => {
    await save(DATE, [row(0, 100), row(1, 200)], [row(0, 300), row(2, 400)])
    expect(await save(DATE, [row(0, 101)], [])).toEqual({ inserted: 0, updated: 1, deleted: 3 })
    expect(await storedExposures(store.database, DATE)).toMatchObject([
      { portfolio: 'A', factor: MARKET, dollars: '1.01' },
    ])
  })

  test('leaves other dates, other portfolios and inactive factors alone', async () => {
    const definitions = await selectActiveDefinitions(store.database.db)
    const retired = definitions[5]?.id ?? ''
    await save(EARLIER, [row(0, 100)], [row(0, 300)])
    await save(DATE, [row(0, 100), row(0, 500, { factorId: retired })], [row(0, 300)])
    expect(await save(DATE, [])).toEqual({ inserted: 0, updated: 0, deleted: 1 })
    expect(await storedExposures(store.database, EARLIER)).toHaveLength(2)
    expect(await storedExposures(store.database, DATE)).toMatchObject([
      { portfolio: 'A', dollars: '5.00' },
      { portfolio: 'B', dollars: '3.00' },
    ])
  })
})
