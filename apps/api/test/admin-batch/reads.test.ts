import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Json } from '../harness/caller.ts'
import { EVENING, morningAfter, type MorningAfter } from './night.ts'

const BATCH = '/api/v1/admin/batch'

let morning: MorningAfter
beforeAll(async () => {
  morning = await morningAfter()
})
afterAll(async () => {
  await morning[Symbol.asyncDispose]()
})

const get = async <Body = Json>(path: string) => {
  const { status, body } = await morning.admin.get<Body>(path)
  expect(status).toBe(200)
  return body
}

interface Listed {
  readonly runs: readonly { readonly batch_run_id: string; readonly job_type: string }[]
}

describe('the history', () => {
  test('lists runs newest first, by type, status and number', async () => {
    const { runs } = await get<Listed>(`${BATCH}/history?days=3650`)
    expect(runs.map(({ job_type }) => job_type)).toEqual(['portfolio_refresh', 'symbol_batch'])
    const ofType = await get<Listed>(`${BATCH}/history?days=3650&batch_type=symbol_batch`)
    expect(ofType.runs).toHaveLength(1)
    expect((await get<Listed>(`${BATCH}/history?status=failed&days=3650`)).runs).toEqual([])
    expect((await get<Listed>(`${BATCH}/history?limit=1&days=3650`)).runs).toHaveLength(1)
  })

  test('summarises runs by type', async () => {
    const { types } = await get(`${BATCH}/history/summary?days=3650`)
    expect(types).toMatchObject([
      { job_type: 'portfolio_refresh', runs: 1, success_rate: 1, failed: 0 },
      { job_type: 'symbol_batch', runs: 1, success_rate: 1, failed: 0 },
    ])
  })

  test('counts what entered portfolios in either mode, and no other run of those types', async () => {
    const summary = () => get(`${BATCH}/history/summary?days=1`)
    expect(await summary()).toMatchObject({ onboarding: null })
    const { db } = morning.night
    await sql`
      insert into batch_run_history (job_type, status, source, triggered_by, started_at, completed_at)
      select job_type, status, source, 'nobody', '2025-07-11T00:30:00Z', '2025-07-11T00:40:00Z'
      from (values
        ('symbol_onboarding', 'completed', 'onboarding'), ('legacy_batch', 'failed', 'onboarding'),
        ('symbol_onboarding', 'failed', 'settings'), ('legacy_batch', 'failed', 'cron'),
        ('portfolio_refresh', 'failed', 'onboarding')
      ) as run (job_type, status, source)
    `.execute(db)
    const { onboarding } = await summary()
    await sql`delete from batch_run_history where triggered_by = 'nobody'`.execute(db)
    expect(onboarding).toMatchObject({ runs: 2, completed: 1, failed: 1, success_rate: 0.5 })
  })

  test('has the result object of a run, and what it did line by line', async () => {
    const { runs } = await get<Listed>(`${BATCH}/history?days=3650&batch_type=symbol_batch`)
    const id = runs[0]?.batch_run_id ?? ''
    const one = await get(`${BATCH}/history/${id}`)
    expect(one).toMatchObject({
      run: { batch_run_id: id, status: 'completed', progress_percent: 100 },
      summary: { batch_run_id: id, target_date: EVENING, symbols_processed: expect.any(Number) },
    })
    const { entries } = await get<{ entries: readonly { event: string; text: string }[] }>(
      `${BATCH}/history/${id}/logs`,
    )
    expect(entries[0]).toMatchObject({ event: 'run_started' })
    expect(entries.at(-1)).toMatchObject({ event: 'run_ended' })
    expect(entries.at(-1)?.text).toMatch(/^completed: /)
    const phases = entries.filter(({ event }) => event === 'phase_ended').map(({ text }) => text)
    expect(phases.some((text) => text.startsWith(`${EVENING} prices: completed, `))).toBe(true)
  })

  test.each(['', '/logs'])('of a run there is not answers 404%s', async (rest) => {
    const path = `${BATCH}/history/00000000-0000-4000-8000-000000000000${rest}`
    const answer = await morning.admin.get(path)
    expect(answer).toMatchObject({ status: 404, body: { code: 'RUN_NOT_FOUND' } })
  })

  test.each([
    'history?days=0',
    'history?days=many',
    'history?batch_type=greeks',
    'history?status=gone',
    'history?page=2',
    'history/1',
    'failures?since=yesterday',
    'jobs/summary?days=400',
    'data-quality?limit=0',
  ])('refuses %s', async (path) => {
    const answer = await morning.admin.get(`${BATCH}/${path}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  })
})

describe('the status of the night', () => {
  test('is the latest run of each layer and how old prices are', async () => {
    expect(await get(`${BATCH}/status`)).toMatchObject({
      mode: 'v2',
      effective_date: EVENING,
      symbol_batch: { status: 'completed', target_date: EVENING },
      portfolio_refresh: { target_date: EVENING },
      legacy_batch: null,
      newest_price_date: EVENING,
      staleness: { level: 'current', sessions_behind: 0, severity: 'ok' },
    })
  })

  test('has the age of each kind of data', async () => {
    const current = { date: EVENING, level: 'current', sessions_behind: 0, severity: 'ok' }
    expect(await get('/api/v1/admin/data/freshness')).toMatchObject({
      prices: current,
      factors: current,
      snapshots: current,
      exposures: current,
      correlations: current,
      stress_tests: current,
    })
  })

  test('has the figures of its runs', async () => {
    const { metrics } = await get<{ metrics: readonly { name: string; value: number }[] }>(
      '/api/v1/admin/system/metrics-summary',
    )
    const names = new Map(metrics.map(({ name, value }) => [name, value]))
    expect(names.get('v2.symbol_batch.last_run_success')).toBe(1)
    expect(names.get('v2.portfolio_refresh.snapshots_created')).toBe(1)
  })
})

test('the queue of symbols tells what is on its way', async () => {
  const queue = () => get<{ symbols: readonly Json[] }>('/api/v1/admin/onboarding/queue')
  expect(await queue()).toMatchObject({
    counts: { pending: 0, processing: 0, failed: 0 },
    max_queue: 50,
    concurrency: 3,
    symbols: [],
  })
})

describe('the jobs', () => {
  test('of a session are whole when every snapshot has its analytics or a reason', async () => {
    const { sessions } = await get<{ sessions: readonly Json[] }>(`${BATCH}/jobs/summary`)
    expect(sessions).toMatchObject([
      {
        session: EVENING,
        snapshots: 1,
        exposures: { have: 1 },
        stress_tests: { have: 1 },
        short_of: [],
        is_highlighted: false,
      },
    ])
  })

  test('of a session that lacks an analytic are highlighted', async () => {
    const { db } = morning.night
    await sql`create table put_away as select * from stress_test_results`.execute(db)
    await sql`delete from stress_test_results`.execute(db)
    const { sessions } = await get<{ sessions: readonly Json[] }>(`${BATCH}/jobs/summary`)
    await sql`insert into stress_test_results select * from put_away`.execute(db)
    await sql`drop table put_away`.execute(db)
    expect(sessions).toMatchObject([{ short_of: ['stress_tests'], is_highlighted: true }])
  })

  test('that failed are counted and listed with their reasons', async () => {
    const { db } = morning.night
    await sql`
      insert into batch_jobs (batch_run_id, job_name, job_type, item_id, status, reason, error_category,
                              error_message, attempts, started_at, job_metadata)
      select batch_run_id, 'prices', 'symbol_batch', 'ZINC', 'failed', 'unknown_symbol', 'permanent',
             'no provider knows it', 2, '2025-07-11T00:30:00Z', '{"session": "2025-07-10"}'
      from batch_run_history where job_type = 'symbol_batch'
    `.execute(db)
    expect(await get(`${BATCH}/jobs/status`)).toMatchObject({
      jobs: [{ job_name: 'prices', status: 'failed', items: 1, permanent: 1, most_attempts: 2 }],
    })
    const failure = { item_id: 'ZINC', reason: 'unknown_symbol', session: EVENING, attempts: 2 }
    expect(await get(`${BATCH}/failures`)).toMatchObject({ failures: [failure] })
    expect(await get(`${BATCH}/failures?since=2025-07-12`)).toMatchObject({ failures: [] })
    const others = await get(`${BATCH}/failures?batch_type=portfolio_refresh`)
    expect(others).toMatchObject({ failures: [] })
    await sql`delete from batch_jobs`.execute(db)
  })
})

test('what is never there answers 404', async () => {
  const posts = ['daily', 'greeks', 'factors', 'stress-tests', 'snapshot'].map(
    (name) => `${BATCH}/trigger/${name}`,
  )
  const more = [`${BATCH}/jobs/1/cancel`, `${BATCH}/scheduler/pause`, `${BATCH}/scheduler/resume`]
  for (const path of [...posts, ...more]) {
    expect((await morning.admin.post(path)).status).toBe(404)
  }
  expect((await morning.admin.get(`${BATCH}/schedules`)).status).toBe(404)
})

describe('bad requests for runs', () => {
  test.each([
    ['one date without the other', { start_date: '2025-07-10' }, 400, 'BAD_DATES'],
    [
      'dates the wrong way round',
      { start_date: '2025-07-10', end_date: '2025-07-09' },
      400,
      'BAD_DATES',
    ],
    ['a date to come', { start_date: '2025-07-10', end_date: '2025-07-11' }, 400, 'BAD_DATES'],
    ['a weekend', { start_date: '2025-07-05', end_date: '2025-07-06' }, 400, 'BAD_DATES'],
    [
      'a date before the calendar',
      { start_date: '1900-01-02', end_date: '2025-07-10' },
      400,
      'BAD_DATES',
    ],
    ['no day', { start_date: '2025-02-30', end_date: '2025-07-10' }, 400, 'VALIDATION_FAILED'],
    ['an unknown field', { jobs: 'all' }, 400, 'VALIDATION_FAILED'],
    ['an unknown job', { job: 'greeks' }, 400, 'VALIDATION_FAILED'],
    [
      'a portfolio there is not',
      { portfolio_id: '00000000-0000-4000-8000-000000000000' },
      404,
      'PORTFOLIO_NOT_FOUND',
    ],
  ])('%s', async (_title, body, status, code) => {
    const answer = await morning.admin.post(`${BATCH}/run`, body)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(await get(`${BATCH}/run/current`)).toMatchObject({ status: 'idle' })
  })

  test('a run there is not', async () => {
    const answer = await morning.admin.get(`${BATCH}/run/00000000-0000-4000-8000-000000000000`)
    expect(answer).toMatchObject({ status: 404, body: { code: 'RUN_NOT_FOUND' } })
  })

  test('a user who is no administrator, and nobody', async () => {
    const { world } = morning
    const user = await world.user()
    expect((await user.post(`${BATCH}/run`)).status).toBe(403)
    expect((await world.anybody.post(`${BATCH}/run`)).status).toBe(401)
  })
})
