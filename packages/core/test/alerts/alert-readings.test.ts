import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { DateTime } from 'luxon'
import { selectAlertReadings } from '../../src/alerts/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { insertFacts } from '../portfolios/facts.ts'
import { insertRun } from './past-runs.ts'
import { refreshResult, runResult, TARGET } from './results.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())
beforeEach(async () => {
  await sql`truncate batch_run_history, batch_run_tracking`.execute(store.database.db)
})

/** As a map, seen at an instant; by default in the night after Wednesday 2 July 2025, when all is due. */
async function readings(at = '2025-07-03T03:00:00Z'): Promise<Record<string, number>> {
  const now = DateTime.fromISO(at, { zone: 'utc' }) as DateTime<true>
  const settings = { now, settleMinutes: 30, symbolsMinShare: 0.8 }
  const all = await selectAlertReadings(store.database.db, settings)
  return Object.fromEntries(
    all.map(({ name, value, tags }) => [[name, ...Object.values(tags)].join('/'), value]),
  )
}

describe('what rules outside judge by', () => {
  test('without any run: both runs are overdue, no data is stale, and there is no limit', async () => {
    expect(await readings()).toEqual({
      'v2.schedule.overdue/symbol_batch': 1,
      'v2.schedule.stale/symbol_batch': 0,
      'v2.schedule.overdue/portfolio_refresh': 1,
      'v2.schedule.stale/portfolio_refresh': 0,
    })
  })

  test('overdue and stale begin when the session’s run is due, not at its close', async () => {
    await insertRun(store, runResult(), { date: '2025-07-01' })
    await insertRun(store, refreshResult(), { date: '2025-06-30' })
    expect(await readings('2025-07-03T01:14:00Z')).toMatchObject({
      'v2.schedule.overdue/symbol_batch': 0,
      'v2.schedule.stale/symbol_batch': 0,
      'v2.schedule.stale/portfolio_refresh': 1,
    })
    expect(await readings('2025-07-03T01:45:00Z')).toMatchObject({
      'v2.schedule.overdue/symbol_batch': 1,
      'v2.schedule.stale/symbol_batch': 1,
      'v2.schedule.overdue/portfolio_refresh': 1,
      'v2.schedule.stale/portfolio_refresh': 2,
    })
  })

  test('the limit of symbols is 400, or the share of the median before where that is lower', async () => {
    const first = runResult({ symbols_processed: 50, started_at: '2025-07-01T01:00:00.000Z' })
    await insertRun(store, first, { date: '2025-06-30' })
    expect(await readings()).toMatchObject({ 'v2.symbol_batch.symbols_limit': 400 })
    const second = runResult({ symbols_processed: 45, started_at: '2025-07-02T01:00:00.000Z' })
    await insertRun(store, second, { date: '2025-07-01' })
    expect(await readings()).toMatchObject({ 'v2.symbol_batch.symbols_limit': 40 })
  })

  test('portfolios are those due by the target, and of them those that are there', async () => {
    const { rows } = await sql<{ id: string }>`
      insert into users (email, password_hash, full_name) values ('a@example.com', '!', 'A') returning id
    `.execute(store.database.db)
    const portfolios = ['Here', 'Lacking', 'Later'].map((name) => ({
      ...{ name, equity: '1000.00', lots: [] },
      asOf: name === 'Later' ? '2025-07-03' : '2025-07-01',
    }))
    await insertFacts(store.database.db, rows[0]?.id ?? '', { portfolios, bars: {} })
    await sql`
      insert into portfolio_snapshots (portfolio_id, snapshot_date, is_complete)
      select id, '2025-07-02', true from portfolios where name = 'Here'
    `.execute(store.database.db)
    await insertRun(store, refreshResult({ target_date: TARGET }), { date: TARGET })
    expect(await readings()).toMatchObject({
      'v2.portfolio_refresh.portfolios_due': 2,
      'v2.portfolio_refresh.portfolios_current': 1,
    })
  })
})
