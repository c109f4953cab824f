import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { factorGapsPhase } from '../../src/batch/phases/factor-gaps.ts'
import type { PhaseOutcome } from '../../src/batch/phase.ts'
import { lot } from '../pnl/world.ts'
import type { BatchWorld } from './batch-world.ts'
import { openFailingDatabase } from './failing-database.ts'
import {
  contextOf,
  storePortfolios,
  worldAfterSymbolBatch,
  type StoredPortfolio,
} from './portfolio-world.ts'

const on = '2025-07-01'
const PORTFOLIOS = {
  holder: [
    lot({ symbol: 'XENO', quantity: '10', entry: '100', on }),
    lot({ symbol: 'XENO', quantity: '-4', entry: '100', on }),
    lot({ symbol: 'MILL', quantity: '5', entry: '50', on, closed: [['2025-07-08', '5', '50']] }),
    lot({ symbol: 'LOOM', class: 'PRIVATE', quantity: '1', entry: '5000', on }),
  ],
  optionist: [
    lot({
      symbol: 'ALTO251219C00060000',
      class: 'OPTIONS',
      underlying: 'ALTO',
      quantity: '-1',
      entry: '5',
      on,
    }),
  ],
  stranger: [lot({ symbol: 'NOPRICE', quantity: '1', entry: '5', on })],
}

let world: BatchWorld
let stored: Readonly<Record<keyof typeof PORTFOLIOS, StoredPortfolio>>
/** Every factor row as the symbol batch wrote it. */
let batchRows: readonly string[]
beforeAll(async () => {
  world = await worldAfterSymbolBatch(['ALTO', 'LOOM', 'MILL', 'XENO'])
  stored = await storePortfolios(world.store.database, PORTFOLIOS)
  batchRows = await factorRows()
  await world.store.database.pool.query(
    'create table kept as select * from symbol_factor_exposures',
  )
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.store.database.pool.query(
    'delete from symbol_factor_exposures; insert into symbol_factor_exposures select * from kept',
  )
})

/** Whole rows, ids included, without the moments of writing; as text, so that every bit counts. */
async function factorRows(): Promise<readonly string[]> {
  const rows = await world.rows<{ row: string }>(
    `select (to_jsonb(e) - 'created_at' - 'updated_at')::text as row from symbol_factor_exposures e order by 1`,
  )
  return rows.map(({ row }) => row)
}

const forget = (...symbols: readonly string[]) =>
  world.store.database.pool.query('delete from symbol_factor_exposures where symbol = any($1)', [
    symbols,
  ])

async function fillFor(...names: readonly (keyof typeof PORTFOLIOS)[]): Promise<PhaseOutcome> {
  const context = await contextOf(
    world,
    names.map((name) => stored[name].id),
  )
  return factorGapsPhase.run(context)
}

describe('symbols that came in after the symbol batch', () => {
  test('get the very rows that the batch would have written, shares and underlyings of options alike', async () => {
    await forget('XENO', 'ALTO')
    const outcome = await fillFor('holder', 'optionist')
    expect(outcome).toMatchObject({
      processed: 2,
      skipped: 0,
      failed: 0,
      metrics: { symbols_filled: 2, symbols_without_data: 0, rows_inserted: 26 },
    })
    expect(await factorRows()).toEqual(batchRows)
  })

  test('leave the rows of all others as they were written', async () => {
    await forget('XENO')
    const versions = 'select symbol, factor_id, xmin, ctid from symbol_factor_exposures'
    const before = await world.rows(`${versions} order by 1, 2`)
    await fillFor('holder', 'optionist')
    expect(await world.rows(`${versions} where symbol <> 'XENO' order by 1, 2`)).toEqual(before)
  })

  test('get none for what is closed, PRIVATE or held by a portfolio that is not due', async () => {
    await forget('MILL', 'LOOM', 'ALTO')
    const outcome = await fillFor('holder')
    expect(outcome.metrics).toMatchObject({ symbols_filled: 0, symbols_without_data: 0 })
    const missing = await world.rows(
      `select 1 from symbol_factor_exposures where symbol in ('MILL', 'LOOM', 'ALTO')`,
    )
    expect(missing).toEqual([])
  })

  test('without prices get none, and are counted', async () => {
    const outcome = await fillFor('stranger')
    expect(outcome).toMatchObject({
      processed: 0,
      skipped: 1,
      metrics: { symbols_filled: 0, symbols_without_data: 1, rows_inserted: 0 },
    })
    expect(outcome.reasons['insufficient_data']).toBeGreaterThan(0)
    expect(await factorRows()).toEqual(batchRows)
  })

  test('cost a night without any a single statement', async () => {
    await using counting = openFailingDatabase(world.store.url, 0, '')
    const context = await contextOf(world, [stored.holder.id, stored.optionist.id], {
      database: counting,
    })
    await factorGapsPhase.run(context)
    expect(counting.statements()).toBe(1)
  })

  test('are filled for the others when a portfolio cannot be valued', async () => {
    await forget('XENO', 'ALTO')
    const context = await contextOf(world, [stored.holder.id, stored.optionist.id])
    const { books } = context
    const outcome = await factorGapsPhase.run({
      ...context,
      books: {
        ...books,
        valueOf: (id, date) => {
          if (id === stored.holder.id) throw new RangeError('no such lot')
          return books.valueOf(id, date)
        },
      },
    })
    expect(outcome.metrics).toMatchObject({ symbols_filled: 1 })
    expect(outcome.failures).toEqual([
      {
        itemId: stored.holder.id,
        reason: 'valuation_failed',
        category: 'data',
        message: 'no such lot',
      },
    ])
  })
})
