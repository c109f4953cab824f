import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hashResults, type ResultTable } from '../harness/result-tables.ts'
import { range, sessionsFrom, type BatchWorld } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'
import { createTwoLayers, HELD_STOCKS } from './two-layers.ts'

const SESSIONS = sessionsFrom('2025-07-07', '2025-07-18')
const [FIRST = '', , , FOURTH = '', FIFTH = '', SIXTH = ''] = SESSIONS
const LAST = SESSIONS.at(-1) ?? ''
const FIRST_HALF = range(FIRST, FIFTH)
const SECOND_HALF = range(SIXTH, LAST)

type Tables = Readonly<Record<string, ResultTable>>

describe('both layers end in the same tables', () => {
  let market: ScriptedMarket
  let nightly: Tables
  beforeAll(async () => {
    market = await ScriptedMarket.create(HELD_STOCKS, { from: '2024-05-01', to: LAST })
    nightly = await tablesAfter((world) => nights(world, market))
  })
  afterAll(() => {
    market[Symbol.dispose]()
  })

  async function tablesAfter(work: (world: BatchWorld) => Promise<void>): Promise<Tables> {
    await using world = await createTwoLayers(market.provider(), SESSIONS)
    await work(world)
    return await hashResults(world.db)
  }

  /** Both programs each night, on the prices that a market has then. */
  async function nights(world: BatchWorld, from: ScriptedMarket, sessions = SESSIONS) {
    for (const evening of sessions) {
      await world.run(evening, {}, { providers: [from.provider()] })
      await world.refresh(evening)
    }
  }

  test('in one go', async () => {
    const tables = await tablesAfter(async (world) => {
      await world.run(LAST, range(FIRST, LAST))
      await world.refresh(LAST)
    })
    expect(tables).toEqual(nightly)
  })

  test('in halves', async () => {
    const tables = await tablesAfter(async (world) => {
      await world.run(FIFTH, FIRST_HALF)
      await world.refresh(FIFTH)
      await world.run(LAST, SECOND_HALF)
      await world.refresh(LAST)
    })
    expect(tables).toEqual(nightly)
  })

  test('by nights that failed for want of a price, repaired by a later one', async () => {
    using holed = market.copy()
    holed.remove('SPY', FOURTH, FIFTH)
    const tables = await tablesAfter(async (world) => {
      await nights(world, holed, SESSIONS.slice(0, 7))
      expect(
        await world.rows("select from batch_run_tracking where status = 'failed'"),
      ).not.toHaveLength(0)
      await nights(world, market, SESSIONS.slice(7))
    })
    expect(tables).toEqual(nightly)
  })

  test('after days were lost from the middle', async () => {
    const tables = await tablesAfter(async (world) => {
      await nights(world, market)
      for (const date of [FOURTH, SIXTH]) {
        await world.rows(`delete from portfolio_snapshots where snapshot_date = '${date}'`)
        await world.rows(`delete from symbol_factor_exposures where calculation_date = '${date}'`)
        await world.rows(`delete from batch_run_tracking where batch_date = '${date}'`)
      }
      await world.run(LAST)
      await world.refresh(LAST)
    })
    expect(tables).toEqual(nightly)
  })

  test('with a close corrected, and one come late, two nights after', async () => {
    using wrong = market.copy()
    wrong.setClose('ALTO', FIFTH, market.close('ALTO', FIFTH) * 1.03)
    wrong.remove('ZINC', FIFTH)
    const { market_data_cache: _, ...wanted } = nightly
    const tables = await tablesAfter(async (world) => {
      await nights(world, wrong, SESSIONS.slice(0, 6))
      await nights(world, market, SESSIONS.slice(6))
    })
    expect(tables).toMatchObject(wanted)
  })
})
