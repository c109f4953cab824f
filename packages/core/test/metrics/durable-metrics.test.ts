import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { DateTime } from 'luxon'
import type { RunResult } from '../../src/batch/result.ts'
import { selectDurableMetrics, selectLayerProgress } from '../../src/metrics/index.ts'
import { dated, phase, refreshResult, runResult } from '../alerts/results.ts'
import { insertRun, type PastRunRow } from '../alerts/past-runs.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())
beforeEach(async () => {
  await sql`truncate batch_run_history, batch_run_tracking`.execute(store.database.db)
})

const add = (result: RunResult, row: PastRunRow = {}) => insertRun(store, result, row)

/** The figures as a map, seen in the night after 2025-07-02. */
async function figures(): Promise<Record<string, number>> {
  const now = DateTime.utc(2025, 7, 3, 3) as DateTime<true>
  const readings = await selectDurableMetrics(store.database.db, { now, settleMinutes: 30 })
  return Object.fromEntries(
    readings.map(({ name, value, tags }) => [[name, ...Object.values(tags)].join('/'), value]),
  )
}

async function progressOf(layer: string) {
  const all = await selectLayerProgress(store.database.db)
  return all.find((progress) => progress.layer === layer)
}

describe('durable metrics', () => {
  test('without any run there are none', async () => {
    expect(await figures()).toEqual({})
  })

  test('are those of each layer’s newest run, and how fresh its data is', async () => {
    await add(runResult({ symbols_processed: 480 }), { date: '2025-06-30' })
    await add(runResult(), { date: '2025-07-02' })
    await add(refreshResult(), { date: '2025-07-01' })
    const seen = await figures()
    expect(seen).toMatchObject({
      'v2.symbol_batch.symbols_processed': 500,
      'v2.symbol_batch.duration_seconds': 900,
      'v2.symbol_batch.phase_duration_seconds/prices': 2,
      'v2.symbol_batch.last_run_success': 1,
      'v2.symbol_batch.last_success_timestamp_seconds': Date.UTC(2025, 6, 3, 1, 15) / 1000,
      'v2.portfolio_refresh.snapshots_created': 10,
      'v2.portfolio_refresh.last_success_timestamp_seconds': Date.UTC(2025, 6, 2, 1, 15) / 1000,
      'v2.freshness.sessions_behind/symbol_batch': 0,
      'v2.freshness.sessions_behind/portfolio_refresh': 1,
    })
  })

  test('after a failed night tell its figures and the success before it', async () => {
    await add(runResult(), { date: '2025-07-01' })
    await add(runResult({ status: 'failed', symbols_processed: 12 }), { date: '2025-07-02' })
    expect(await figures()).toMatchObject({
      'v2.symbol_batch.symbols_processed': 12,
      'v2.symbol_batch.last_run_success': 0,
      'v2.symbol_batch.last_success_timestamp_seconds': Date.UTC(2025, 6, 2, 1, 15) / 1000,
      'v2.freshness.sessions_behind/symbol_batch': 1,
    })
  })

  test('after a run whose process died tell that the last one did not succeed', async () => {
    await add(runResult(), { date: '2025-07-01' })
    await add(runResult({ status: 'failed', reason: 'process_died' }), {
      date: '2025-07-02',
      hasSummary: false,
      isTracked: false,
    })
    expect(await figures()).toMatchObject({
      'v2.symbol_batch.symbols_processed': 500,
      'v2.symbol_batch.last_run_success': 0,
    })
  })

  test('leave out limited runs and runs that are under way', async () => {
    await add(runResult(), { date: '2025-07-01' })
    await add(runResult({ symbols_processed: 1, status: 'failed' }), {
      date: '2025-07-02',
      lockNames: ['symbol_batch:symbols:AAPL'],
      isTracked: false,
    })
    const limitedToPhases = runResult({ symbols_processed: 1 })
    await add(limitedToPhases, { date: '2025-07-02', isTracked: false })
    await add(runResult(), { date: '2025-07-02', state: 'running', hasSummary: false })
    expect(await figures()).toMatchObject({
      'v2.symbol_batch.symbols_processed': 500,
      'v2.symbol_batch.last_run_success': 1,
      'v2.symbol_batch.last_success_timestamp_seconds': Date.UTC(2025, 6, 2, 1, 15) / 1000,
    })
  })

  test('of a legacy run are told for both layers', async () => {
    const dates = [
      dated('2025-07-02', {
        prices: phase({ processed: 500, duration_ms: 7000 }),
        snapshots: phase({ processed: 10, duration_ms: 3000 }),
      }),
    ]
    await add(runResult({ job_type: 'legacy_batch', mode: 'legacy', dates }), {
      date: '2025-07-02',
      layers: ['symbol_batch', 'portfolio_refresh'],
    })
    expect(await figures()).toMatchObject({
      'v2.symbol_batch.duration_seconds': 7,
      'v2.portfolio_refresh.duration_seconds': 3,
      'v2.freshness.sessions_behind/portfolio_refresh': 0,
    })
  })
})

describe('the figures of onboardings', () => {
  /** @param began hours before `figures` looks */
  const onboard = (began: number, row: { status?: string; type?: string; source?: string } = {}) =>
    sql`
      insert into batch_run_history (job_type, source, status, started_at, completed_at)
      select ${row.type ?? 'symbol_onboarding'}, ${row.source ?? 'onboarding'},
             ${row.status ?? 'completed'}, began, began + interval '3 seconds' * ${began}
      from (select '2025-07-03T03:00Z'::timestamptz - interval '1 hour' * ${began} as began) b
    `.execute(store.database.db)

  test('are those of the last 24 hours, in either mode', async () => {
    await onboard(25, { status: 'failed' })
    await onboard(4, { status: 'failed' })
    await onboard(3, { status: 'completed_with_warnings' })
    await onboard(2, { type: 'legacy_batch' })
    await onboard(1, { type: 'legacy_batch', source: 'cron', status: 'failed' })
    await onboard(1, { status: 'running' })
    const seen = await figures()
    expect(seen['v2.onboarding.duration_seconds']).toBe(6)
    expect(seen['v2.onboarding.success_rate']).toBeCloseTo(2 / 3, 12)
  })

  test('are absent without any', async () => {
    await onboard(25)
    expect(await figures()).toEqual({})
  })
})

describe('the progress of a layer', () => {
  test('is unknown without runs', async () => {
    expect(await progressOf('symbol_batch')).toEqual({
      layer: 'symbol_batch',
      newestDone: null,
      newestStarted: null,
      underWay: null,
    })
  })

  test('tells done, started and under way apart', async () => {
    await add(runResult(), { date: '2025-06-30' })
    await add(runResult({ status: 'failed' }), { date: '2025-07-01' })
    expect(await progressOf('symbol_batch')).toMatchObject({
      newestDone: '2025-06-30',
      newestStarted: '2025-07-01',
      underWay: null,
    })
    await add(runResult(), { date: '2025-07-02', state: 'running', hasSummary: false })
    expect(await progressOf('symbol_batch')).toMatchObject({
      newestDone: '2025-06-30',
      newestStarted: '2025-07-02',
      underWay: '2025-07-02',
    })
    expect(await progressOf('portfolio_refresh')).toMatchObject({ newestStarted: null })
  })

  test('does not count a run whose process died, nor a scoped one', async () => {
    await add(runResult({ status: 'failed', reason: 'process_died' }), { date: '2025-07-02' })
    await add(runResult(), {
      date: '2025-07-02',
      lockNames: ['symbol_batch:symbols:AAPL'],
      isTracked: false,
    })
    expect(await progressOf('symbol_batch')).toMatchObject({ newestStarted: null })
  })
})
