import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hashResults, type ResultTable } from '../harness/result-tables.ts'
import { BatchWorld, range, sessionsFrom } from './batch-world.ts'
import { ScriptedMarket } from './scripted-market.ts'

/** Among them one split (DYNA), one reverse split (VOLE), one listed in August (INCH), two funds. */
const STOCKS = [
  'ALTO', 'DYNA', 'GATE', 'INCH', 'LOOM', 'MILL', 'OKRA', 'RUNE',
  'VOLE', 'XENO', 'COVE', 'DALE.B', 'KNOT', 'XALL', 'XDEF',
] // prettier-ignore
const SESSIONS = 252

describe('a year of nightly runs', () => {
  const sessions = sessionsFrom('2025-11-03', '2026-12-31').slice(0, SESSIONS)
  const [first = '', last = ''] = [sessions[0], sessions.at(-1)]
  const middle = sessions[SESSIONS / 2 - 1] ?? ''
  const afterMiddle = sessions[SESSIONS / 2] ?? ''
  const inListing = ['2026-08-03', '2026-06-08', '2026-03-02']
  let market: ScriptedMarket
  let nightly: Readonly<Record<string, ResultTable>>

  beforeAll(async () => {
    market = await ScriptedMarket.create(STOCKS, { from: '2024-06-01', to: last })
    await using world = await BatchWorld.create(STOCKS, market.provider())
    const results = await world.runEach(sessions)
    expect(results.map(({ dates }) => dates.map(({ date }) => date))).toEqual(
      sessions.map((date) => [date]),
    )
    nightly = await hashResults(world.db)
  }, 360_000)

  afterAll(() => {
    market[Symbol.dispose]()
  })

  async function resultsOf(...runs: readonly Parameters<BatchWorld['run']>[]) {
    await using world = await BatchWorld.create(STOCKS, market.provider())
    for (const run of runs) await world.run(...run)
    return await hashResults(world.db)
  }

  test('covers a listing, a split and a reverse split, and fills every table', () => {
    expect(sessions).toEqual(expect.arrayContaining(inListing))
    expect(nightly['batch_run_tracking']?.rows).toBe(SESSIONS)
    expect(nightly['symbol_daily_metrics']?.rows).toBe(23)
    // 23 symbols with 12 estimated factors each, fewer for the one listed late.
    expect(nightly['symbol_factor_exposures']?.rows).toBeGreaterThan(22 * 12 * SESSIONS)
    expect(nightly['symbol_factor_exposures']?.rows).toBeLessThan(23 * 12 * SESSIONS)
  })

  test('one session at a time equals one backfill, row for row', async () => {
    expect(await resultsOf([last, range(first, last)])).toEqual(nightly)
  })

  test('equals two backfills of half a year, the second one in slices of a week', async () => {
    const halves = await resultsOf(
      [middle, range(first, middle)],
      [last, { ...range(afterMiddle, last), chunkDays: 7 }],
    )
    expect(halves).toEqual(nightly)
  })
})
