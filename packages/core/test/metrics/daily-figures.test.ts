import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { IsoDate } from '../../src/calendar/index.ts'
import { saveCacheFigures, saveDailyFigures, selectDailyFigures } from '../../src/metrics/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())
beforeEach(async () => {
  await sql`truncate batch_run_history, daily_metrics`.execute(store.database.db)
})

interface Run {
  readonly jobType?: string
  readonly source?: string
  readonly status?: string
  readonly startedAt: string
  readonly seconds?: number
}

async function addRun({ jobType = 'symbol_batch', source = 'cron', ...run }: Run): Promise<void> {
  const { status = 'completed', startedAt, seconds = 10 } = run
  await sql`
    insert into batch_run_history (job_type, source, status, started_at, completed_at, completed_jobs, failed_jobs)
    values (${jobType}, ${source}, ${status}, ${startedAt},
            ${status === 'running' ? null : startedAt}::timestamptz + make_interval(secs => ${seconds}), 5, 1)
  `.execute(store.database.db)
}

const day = (text: string) => text as IsoDate
const save = (from: string, to = from) =>
  saveDailyFigures(store.database.db, { from: day(from), to: day(to) })
const figures = () => selectDailyFigures(store.database.db, day('2000-01-01'))

describe('the figures of a day', () => {
  test('add up its ended runs by type; one under way is counted the next time', async () => {
    await addRun({ startedAt: '2025-07-10T20:00:00Z', seconds: 10 })
    await addRun({ startedAt: '2025-07-10T21:00:00Z', seconds: 20, status: 'failed' })
    await addRun({ startedAt: '2025-07-10T22:00:00Z', status: 'running' })
    await addRun({ startedAt: '2025-07-10T22:00:00Z', jobType: 'portfolio_refresh' })
    expect(await save('2025-07-10')).toBe(2)
    expect(await figures()).toMatchObject([
      {
        metric_type: 'runs_daily',
        dimensions: { job_type: 'portfolio_refresh' },
        value: { runs: 1 },
      },
      {
        metric_date: '2025-07-10',
        metric_type: 'runs_daily',
        dimensions: { job_type: 'symbol_batch' },
        value: {
          ...{ runs: 2, succeeded: 1, failed: 1, cancelled: 0, items_done: 10, items_failed: 2 },
          ...{ average_seconds: 15, longest_seconds: 20 },
        },
      },
    ])
  })

  test('belong to the day of New York', async () => {
    await addRun({ startedAt: '2025-07-11T03:59:59Z' })
    await addRun({ startedAt: '2025-07-11T04:00:00Z' })
    await save('2025-07-10', '2025-07-11')
    const rows = await figures()
    expect(rows.map(({ metric_date, value }) => [metric_date, value['runs']])).toEqual([
      ['2025-07-11', 1],
      ['2025-07-10', 1],
    ])
  })

  test('tell of onboardings apart, not of the symbols fetched for them', async () => {
    const onboarding = { source: 'onboarding', startedAt: '2025-07-10T15:00:00Z' }
    await addRun({ ...onboarding, jobType: 'symbol_onboarding', seconds: 1 })
    await addRun({ ...onboarding, jobType: 'symbol_onboarding', seconds: 2 })
    await addRun({ ...onboarding, jobType: 'legacy_batch', seconds: 3, status: 'failed' })
    await addRun({ ...onboarding, jobType: 'symbol_batch' })
    await save('2025-07-10')
    const rows = (await figures()).filter(({ metric_type }) => metric_type === 'onboarding_daily')
    expect(rows).toMatchObject([
      { value: { onboardings: 3, succeeded: 2, success_rate: 0.666667, average_seconds: 2 } },
    ])
  })

  test('are written once while nothing changes, and follow what comes later', async () => {
    await addRun({ startedAt: '2025-07-10T20:00:00Z' })
    expect(await save('2025-07-10')).toBe(1)
    expect(await save('2025-07-10')).toBe(0)
    await addRun({ startedAt: '2025-07-10T20:30:00Z' })
    expect(await save('2025-07-10')).toBe(1)
    expect(await figures()).toMatchObject([{ value: { runs: 2 } }])
  })

  test('stay as they are when the history behind them is gone', async () => {
    await addRun({ startedAt: '2025-07-10T20:00:00Z' })
    await save('2025-07-10')
    await sql`truncate batch_run_history`.execute(store.database.db)
    expect(await save('2025-07-10')).toBe(0)
    expect(await figures()).toMatchObject([{ value: { runs: 1 } }])
  })

  test('of caches are each process’s own, and without any access have no rate', async () => {
    const keep = (process: string, hits: number, fallbacks: number) =>
      saveCacheFigures(store.database.db, {
        ...{ day: day('2025-07-10'), process },
        figures: { hits, fallbacks, invalidations: 2 },
      })
    await keep('a', 3, 1)
    await keep('a', 6, 2)
    await keep('b', 0, 0)
    expect(await figures()).toMatchObject([
      { dimensions: { process: 'a' }, value: { hits: 6, fallbacks: 2, hit_rate: 0.75 } },
      { dimensions: { process: 'b' }, value: { hits: 0, hit_rate: null, invalidations: 2 } },
    ])
  })
})
