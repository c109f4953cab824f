import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createFileProvider } from '../../src/market-data/index.ts'
import { hashResults } from '../harness/result-tables.ts'
import { BatchWorld, range, sessionsFrom } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'

const STOCKS = ['ALTO', 'XENO', 'ZINC']
const HOLIDAY = '2025-07-04'
const NEXT_SESSION = '2025-07-07'

async function worldOn(market: ScriptedMarket): Promise<BatchWorld> {
  const path = market.write()
  return BatchWorld.create(STOCKS, createFileProvider({ path, skipBadRows: false }))
}

describe('a corporate action on a day without trading', () => {
  const sessions = sessionsFrom('2025-07-02', '2025-07-14')
  const last = sessions.at(-1) ?? ''
  let market: ScriptedMarket
  beforeEach(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-05-01', to: '2025-07-31' })
  })
  afterEach(() => {
    market[Symbol.dispose]()
  })

  async function eventsAfterNightlyRuns(symbol: string) {
    await using world = await worldOn(market)
    await world.runEach(sessions)
    const nightly = await hashResults(world.db)
    await using backfilled = await worldOn(market)
    await backfilled.run(last, range(sessions[0] ?? '', last))
    expect(nightly).toEqual(await hashResults(backfilled.db))
    return await world.rows(
      `select date, dividend::float8 as dividend, split_ratio::float8 as split from market_data_cache where symbol = '${symbol}' and date >= '2025-07-03' and (dividend <> 0 or split_ratio <> 1)`,
    )
  }

  test('a dividend moves to the next session and stays there', async () => {
    market.set('XENO', HOLIDAY, { dividend: 0.6 })
    market.set('XENO', NEXT_SESSION, { dividend: null, splitRatio: null })
    expect(await eventsAfterNightlyRuns('XENO')).toEqual([
      { date: NEXT_SESSION, dividend: 0.6, split: 1 },
    ])
  })

  test('a dividend stays although the session it moved to says that it has none of its own', async () => {
    market.set('XENO', HOLIDAY, { dividend: 0.6 })
    expect(market.bar('XENO', NEXT_SESSION).dividend).toBe(0)
    expect(await eventsAfterNightlyRuns('XENO')).toEqual([
      { date: NEXT_SESSION, dividend: 0.6, split: 1 },
    ])
  })

  test('a split moves to the next session, stays there, and no move is suspected', async () => {
    market.set('ALTO', HOLIDAY, { splitRatio: 4 }).scaleFrom('ALTO', NEXT_SESSION, 0.25)
    expect(await eventsAfterNightlyRuns('ALTO')).toEqual([
      { date: NEXT_SESSION, dividend: 0, split: 4 },
    ])
  })
})
