import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { exposuresPhase } from '../../src/batch/phases/exposures.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import type { PortfolioContext } from '../../src/batch/portfolio-context.ts'
import { MARKET, PROVIDER, storedExposures } from '../exposures/stored-facts.ts'
import { lot } from '../pnl/world.ts'
import type { BatchWorld } from './batch-world.ts'
import { openFailingDatabase } from './failing-database.ts'
import {
  contextOf,
  EVENING,
  storePortfolios,
  worldAfterSymbolBatch,
  type StoredPortfolio,
} from './portfolio-world.ts'

const on = '2025-07-01'
const CALL = 'ALTO251219C00060000'
const PORTFOLIOS = {
  longShort: [
    lot({ symbol: 'ALTO', quantity: '30', entry: '60', on }),
    lot({ symbol: 'LOOM', quantity: '-20', entry: '40', on }),
  ],
  withCall: [
    lot({ symbol: 'XENO', quantity: '10', entry: '100', on }),
    lot({ symbol: CALL, class: 'OPTIONS', underlying: 'ALTO', quantity: '1', entry: '5', on }),
  ],
  owner: [lot({ symbol: 'STARTUP', class: 'PRIVATE', quantity: '1', entry: '5000', on })],
  cash: [],
}

let world: BatchWorld
let stored: Readonly<Record<keyof typeof PORTFOLIOS, StoredPortfolio>>
let context: PortfolioContext
beforeAll(async () => {
  world = await worldAfterSymbolBatch(['ALTO', 'LOOM', 'XENO'])
  const { database } = world.store
  await database.pool.query(
    `insert into market_data_cache (symbol, date, close, data_source) values ($1, $2, 6, 'file')`,
    [CALL, EVENING],
  )
  stored = await storePortfolios(database, PORTFOLIOS)
  await database.pool.query(
    `insert into portfolio_snapshots (portfolio_id, snapshot_date, is_complete)
     select id, $1, true from portfolios`,
    [EVENING],
  )
  context = await nightOf()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.store.database.pool.query(
    'delete from factor_exposures; delete from position_greeks; delete from daily_metrics',
  )
})

/** A night with all portfolios due. */
const nightOf = (changes: Partial<PortfolioContext> = {}) =>
  contextOf(
    world,
    Object.values(stored).map(({ id }) => id),
    changes,
  )

/** A lot's market value, which is kept in cents. */
const valueOf = (quantity: number, close: number) => Math.round(quantity * close * 100) / 100

/** The price of one share and its betas on the evening, by factor. */
async function shareOf(symbol: string) {
  const rows = await world.rows<{
    factor: string
    close: number
    beta: number
    error: number | null
  }>(
    `select d.name as factor, m.close::float8 as close, e.beta_value as beta, e.std_error as error
     from symbol_factor_exposures e
     join factor_definitions d on d.id = e.factor_id
     join market_data_cache m on m.symbol = e.symbol and m.date = e.calculation_date
     where e.symbol = '${symbol}' and e.calculation_date = '${EVENING}'`,
  )
  return new Map(rows.map((row) => [row.factor, row]))
}
const exposures = () => storedExposures(world.store.database, EVENING)
const exposuresOf = async (portfolio: string) =>
  new Map(
    (await exposures())
      .filter((row) => row.portfolio === portfolio)
      .map((row) => [row.factor, row]),
  )

describe('the exposures of the due portfolios', () => {
  test('are the sums over what each holds, for every active factor; the others say why they have none', async () => {
    const outcome = await exposuresPhase.run(context)
    expect(outcome).toMatchObject({
      processed: 2,
      skipped: 2,
      failed: 0,
      reasons: { no_public_positions: 1, no_active_positions: 1 },
      failures: [],
      metrics: { positions_without_greeks: 1, positions_without_mark: 0, rows_inserted: 26 + 2 },
    })
    const [alto, loom] = [await shareOf('ALTO'), await shareOf('LOOM')]
    const rows = await exposuresOf('longShort')
    expect([...rows.keys()]).toEqual(context.definitions.map(({ name }) => name))
    for (const [factor, row] of rows) {
      const [a, l] = [alto.get(factor), loom.get(factor)]
      if (a === undefined || l === undefined) throw new Error(`no fit of ${factor}`)
      const [inAlto, inLoom] = [valueOf(30, a.close), valueOf(-20, l.close)]
      const dollars = inAlto * a.beta + inLoom * l.beta
      expect(Number(row.dollars)).toBeCloseTo(dollars, 2)
      expect(row.value).toBeCloseTo(dollars / 10_000, 12)
      expect(row.coverage).toBe(100)
      if (factor === PROVIDER) {
        // It states its beta without an error.
        expect(row.stdError).toBeNull()
        continue
      }
      const error = Math.hypot(inAlto * (a.error ?? NaN), inLoom * (l.error ?? NaN)) / 10_000
      expect(row.stdError).toBeCloseTo(error, 12)
    }
  })

  test('that a portfolio does not have leave the reason where readers look for it, until it has some', async () => {
    const { pool } = world.store.database
    const reasons = async () => {
      const { rows } = await pool.query<{ id: string; value: unknown }>(
        `select dimensions ->> 'portfolio_id' as id, value from daily_metrics
         where metric_type = 'exposures_unavailable' and metric_date = $1`,
        [EVENING],
      )
      return Object.fromEntries(rows.map(({ id, value }) => [id, value]))
    }
    await exposuresPhase.run(context)
    expect(await reasons()).toEqual({
      [stored.owner.id]: { exposures: 'no_public_positions' },
      [stored.cash.id]: { exposures: 'no_active_positions' },
    })
    const withoutBetas = { ...context, definitions: [] }
    await exposuresPhase.run(withoutBetas)
    expect((await reasons())[stored.longShort.id]).toEqual({ exposures: 'no_factor_exposures' })
    await exposuresPhase.run(context)
    expect(Object.keys(await reasons())).toHaveLength(2)
  })

  test('leave an option without Greeks out of exposure and in coverage', async () => {
    await exposuresPhase.run(context)
    const xeno = (await shareOf('XENO')).get(MARKET)
    if (xeno === undefined) throw new Error('no fit')
    const inXeno = valueOf(10, xeno.close)
    const row = (await exposuresOf('withCall')).get(MARKET)
    expect(Number(row?.dollars)).toBeCloseTo(inXeno * xeno.beta, 2)
    expect(row?.coverage).toBeCloseTo((100 * inXeno) / (inXeno + 600), 12)
  })

  test('take in an option by its delta dollars as soon as it has Greeks', async () => {
    await exposuresPhase.run(await nightOf())
    const before = (await exposuresOf('withCall')).get(MARKET)
    await world.store.database.pool.query(
      'insert into position_greeks (position_id, calculation_date, delta_dollars) values ($1, $2, 4000)',
      [stored.withCall.lotIds[1], EVENING],
    )
    const outcome = await exposuresPhase.run(await nightOf())
    expect(outcome.metrics).toMatchObject({ positions_without_greeks: 0, rows_updated: 13 })
    const alto = (await shareOf('ALTO')).get(MARKET)
    const row = (await exposuresOf('withCall')).get(MARKET)
    expect(Number(row?.dollars)).toBeCloseTo(
      Number(before?.dollars) + 4_000 * (alto?.beta ?? NaN),
      1,
    )
    expect(row?.coverage).toBe(100)
  })

  test('are not written a second time', async () => {
    await exposuresPhase.run(context)
    const written = { rows_inserted: 0, rows_updated: 0, rows_deleted: 0 }
    expect((await exposuresPhase.run(context)).metrics).toMatchObject(written)
  })

  test('cost as many statements for many portfolios as for few', async () => {
    await using counting = openFailingDatabase(world.store.url, 0, '')
    const statementsFor = async (due: PortfolioContext): Promise<number> => {
      const before = counting.statements()
      await exposuresPhase.run({ ...due, database: counting })
      return counting.statements() - before
    }
    const few = await statementsFor(await contextOf(world, [stored.longShort.id, stored.cash.id]))
    const all = await statementsFor(context)
    expect(all).toBe(few)
  })
})

describe('a portfolio that cannot be done', () => {
  test('because it cannot be valued is a failure of its own', async () => {
    const { books } = context
    const withFault = {
      ...books,
      valueOf: (id: string, date: SessionDate) => {
        if (id === stored.longShort.id) throw new RangeError('no such lot')
        return books.valueOf(id, date)
      },
    }
    const outcome = await exposuresPhase.run(await nightOf({ books: withFault }))
    expect(outcome).toMatchObject({ processed: 1, skipped: 2, failed: 1 })
    expect(outcome.reasons).toMatchObject({ exposures_failed: 1 })
    expect(outcome.failures).toEqual([
      {
        itemId: stored.longShort.id,
        portfolioId: stored.longShort.id,
        reason: 'exposures_failed',
        category: 'data',
        message: 'no such lot',
      },
    ])
    expect(new Set((await exposures()).map(({ portfolio }) => portfolio))).toEqual(
      new Set(['withCall']),
    )
  })

  test('because the server refuses its rows does not hold the others of its group', async () => {
    const { pool } = world.store.database
    await pool.query(`alter table factor_exposures add constraint refused
      check (portfolio_id <> '${stored.withCall.id}')`)
    const outcome = await exposuresPhase.run(context)
    await pool.query('alter table factor_exposures drop constraint refused')
    expect(outcome).toMatchObject({ processed: 1, skipped: 2, failed: 1 })
    expect(outcome.failures).toMatchObject([{ itemId: stored.withCall.id, category: 'data' }])
    expect(new Set((await exposures()).map(({ portfolio }) => portfolio))).toEqual(
      new Set(['longShort']),
    )
  })

  test('because it was deleted meanwhile is skipped', async () => {
    const { pool } = world.store.database
    await pool.query('update portfolios set deleted_at = now() where id = $1', [
      stored.longShort.id,
    ])
    const outcome = await exposuresPhase.run(context)
    await pool.query('update portfolios set deleted_at = null')
    expect(outcome).toMatchObject({ processed: 1, skipped: 3, reasons: { portfolio_gone: 1 } })
    expect((await exposuresOf('longShort')).size).toBe(0)
  })
})

describe('a portfolio without a complete snapshot of the date', () => {
  test('is skipped: exposures rest on its marks', async () => {
    const { pool } = world.store.database
    await pool.query('update portfolio_snapshots set is_complete = false where portfolio_id = $1', [
      stored.longShort.id,
    ])
    const outcome = await exposuresPhase.run(context)
    await pool.query('update portfolio_snapshots set is_complete = true')
    expect(outcome).toMatchObject({ processed: 1, skipped: 3, reasons: { no_snapshot: 1 } })
    expect((await exposuresOf('longShort')).size).toBe(0)
  })
})

describe('exposures that have no value any more', () => {
  test('are deleted', async () => {
    await exposuresPhase.run(context)
    const { definitions } = context
    const market = definitions.find(({ name }) => name === MARKET)
    const { pool } = world.store.database
    const kept = 'create table kept as select * from symbol_factor_exposures where factor_id = $1'
    await pool.query(kept.replace('$1', `'${market?.id ?? ''}'`))
    await pool.query('delete from symbol_factor_exposures where factor_id = $1', [market?.id])
    const outcome = await exposuresPhase.run(context)
    await pool.query('insert into symbol_factor_exposures select * from kept')
    expect(outcome.metrics).toMatchObject({ rows_deleted: 2, rows_updated: 0 })
    expect((await exposures()).some(({ factor }) => factor === MARKET)).toBe(false)
  })
})
