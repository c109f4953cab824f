import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { addToUniverse } from '../../../../packages/core/test/batch/batch-world.ts'
import { insertPortfolio } from '../../../../packages/core/test/exposures/stored-facts.ts'
import { startProgram } from '../../../../packages/core/test/harness/run-program.ts'
import { until } from '../../../../packages/core/test/harness/until.ts'
import { ApiWorld, type UserCaller } from '../harness/api-world.ts'

const RUN = '/api/v1/admin/batch/run'
/** Long enough to be met while it works. */
const LONG = { job: 'symbol_batch', start_date: '2023-01-03', end_date: '2025-07-22' }
const SHORT = { job: 'symbol_batch', start_date: '2025-07-22', end_date: '2025-07-22' }

interface Run {
  readonly batch_run_id: string
  readonly job_type: string
  readonly status: string
  readonly reason: string | null
  readonly progress_percent: number
  readonly triggered_by: string
  readonly source: string
  readonly current_job: string | null
  readonly current_portfolio: string | null
  readonly elapsed_seconds: number
  readonly jobs: { readonly total: number; readonly completed: number; readonly failed: number }
}
interface Current extends Run {
  readonly message?: string
  readonly runs: readonly Run[]
}
interface Started {
  readonly status: string
  readonly batch_run_id: string
  readonly batch_run_ids: readonly string[]
  readonly poll_url: string
  readonly code?: string
}

let world: ApiWorld
let admin: UserCaller

beforeEach(async () => {
  world = await ApiWorld.start({
    now: '2025-07-23T01:00:00Z',
    env: { LOG_LEVEL: 'silent' },
  })
  await addToUniverse(world.store, ['ALTO', 'LOOM'])
  admin = await world.admin()
})
afterEach(async () => {
  await world[Symbol.asyncDispose]()
})

const start = (body?: object) => admin.post<Started>(RUN, body)
const current = async () => (await admin.get<Current>(`${RUN}/current`)).body
const find = (id: string) => admin.get<Run>(`${RUN}/${id}`)

/** The run when it has ended. */
function ended(id: string): Promise<Run> {
  return until(
    'its end',
    async () => (await find(id)).body,
    ({ status }) => status !== 'running',
  )
}

/** What is going on now, when that is it. */
function currently(what: string, isSo: (run: Current) => boolean): Promise<Current> {
  return until(what, current, isSo)
}

describe('a run started by the API', () => {
  test('is answered with where to follow it, works in a process of its own, and is recorded under the id', async () => {
    const { status, body } = await start(SHORT)
    expect(status).toBe(202)
    expect(body).toMatchObject({
      status: 'started',
      batch_run_ids: [body.batch_run_id],
      poll_url: `${RUN}/${body.batch_run_id}`,
    })
    const run = await ended(body.batch_run_id)
    expect(run).toMatchObject({
      status: 'completed',
      job_type: 'symbol_batch',
      source: 'admin',
      triggered_by: admin.user.id,
      progress_percent: 100,
      current_job: null,
    })
    expect(run.jobs.completed).toBeGreaterThan(0)
    const last = await admin.get<{ run: Run }>('/api/v1/admin/batch/last-run')
    expect(last.body.run.batch_run_id).toBe(body.batch_run_id)
    await currently('nothing', ({ status }) => status === 'idle')
  })

  test('that finds nothing to do leaves no record, yet tells whoever follows it', async () => {
    await ended((await start({ job: 'symbol_batch' })).body.batch_run_id)
    const again = await start({ job: 'symbol_batch' })
    expect(again.status).toBe(202)
    expect(await ended(again.body.batch_run_id)).toMatchObject({
      status: 'completed',
      reason: 'nothing_to_do',
      progress_percent: 100,
    })
    const { rows } = await sql`select from batch_run_history`.execute(world.store.database.db)
    expect(rows).toHaveLength(1)
  })

  test('of both layers is two runs, the second after the first', async () => {
    await insertPortfolio(world.store.database, 'Both')
    const { body } = await start()
    const [first = '', second = ''] = body.batch_run_ids
    expect(body.batch_run_ids).toHaveLength(2)
    expect(await ended(first)).toMatchObject({ job_type: 'symbol_batch', status: 'completed' })
    expect((await ended(second)).job_type).toBe('portfolio_refresh')
    expect((await find(second)).body.status).toMatch(/^completed/)
  })

  test('of a portfolio takes that portfolio only, and is shown by its name', async () => {
    const id = await insertPortfolio(world.store.database, 'Single')
    const { body } = await start({ ...SHORT, portfolio_id: id })
    expect(await ended(body.batch_run_id)).toMatchObject({
      status: 'completed',
      current_portfolio: 'Single',
    })
  })
})

describe('while a run is going on', () => {
  test('it is shown, a second one is refused by its id, and cancelling ends it', async () => {
    const long = (await start(LONG)).body.batch_run_id
    const seen = await current()
    expect(seen).toMatchObject({ status: 'running', batch_run_id: long, job_type: 'symbol_batch' })
    expect(seen.runs.map(({ batch_run_id }) => batch_run_id)).toEqual([long])
    expect(seen.progress_percent).toBeLessThanOrEqual(99)
    const second = await start(SHORT)
    expect(second.status).toBe(409)
    expect(second.body).toMatchObject({ code: 'BATCH_RUNNING', batch_run_id: long })
    const cancelled = await admin.post<Started>(`${RUN}/current/cancel`)
    expect(cancelled.status).toBe(202)
    expect(cancelled.body).toEqual({ status: 'cancel_requested', batch_run_id: long })
    expect(await ended(long)).toMatchObject({ status: 'cancelled' })
    const none = await admin.post<Started>(`${RUN}/current/cancel`)
    expect(none).toMatchObject({ status: 404, body: { code: 'NO_RUN' } })
  })

  test('force cancels it, waits for its end, then starts', async () => {
    const long = (await start(LONG)).body.batch_run_id
    const forced = await start({ ...SHORT, force: true })
    expect(forced.status).toBe(202)
    expect((await find(long)).body.status).toBe('cancelled')
    expect(await ended(forced.body.batch_run_id)).toMatchObject({ status: 'completed' })
  })

  test('of two started at the same moment one works', async () => {
    const both = await Promise.all([start(LONG), start(LONG)])
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409])
    const { rows } = await sql`select from batch_run_history`.execute(world.store.database.db)
    expect(rows).toHaveLength(1)
  })

  test('the run of a portfolio starts beside it', async () => {
    const long = (await start(LONG)).body.batch_run_id
    const id = await insertPortfolio(world.store.database, 'Beside')
    const beside = await start({ ...SHORT, portfolio_id: id })
    expect(beside.status).toBe(202)
    expect(await ended(beside.body.batch_run_id)).toMatchObject({ status: 'completed' })
    expect((await find(long)).body.status).toBe('running')
  })

  test('stopping the server stops the program after its unit of work', async () => {
    const long = (await start(LONG)).body.batch_run_id
    await world.stop()
    const { rows } = await sql<{ status: string }>`
      select status from batch_run_history where batch_run_id = ${long}
    `.execute(world.store.database.db)
    expect(rows).toEqual([{ status: 'cancelled' }])
  })
})

/** A long run that a cron platform started. */
function startOther() {
  return startProgram(
    'apps/symbol-batch/src/main.ts',
    ['--start-date', '2023-01-03', '--end-date', '2025-07-22', '--source', 'cron', '--quiet'],
    {
      BATCH_V2_ENABLED: 'true',
      DATABASE_URL: world.store.url,
      PRICE_PROVIDERS: 'synthetic',
      SIGMASIGHT_NOW: '2025-07-23T01:00:00Z',
    },
  )
}

describe('a run of another process', () => {
  test('is shown like its own, and cancelled through its record', async () => {
    const other = startOther()
    const seen = await currently('progress', (run) => {
      return run.status === 'running' && run.progress_percent > 0
    })
    expect(seen).toMatchObject({ source: 'cron', job_type: 'symbol_batch' })
    expect(seen.current_job).not.toBe('starting')
    await admin.post(`${RUN}/current/cancel`)
    await other.ended
    expect((await find(seen.batch_run_id)).body).toMatchObject({
      status: 'cancelled',
      reason: 'cancel_requested',
    })
  })

  test('whose process was killed is closed when somebody looks', async () => {
    const other = startOther()
    const { batch_run_id: id } = await currently('a run', ({ status }) => status === 'running')
    other.process.kill('SIGKILL')
    await other.ended
    await currently('nothing', ({ status }) => status === 'idle')
    expect((await find(id)).body).toMatchObject({ status: 'failed', reason: 'process_died' })
  })
})
