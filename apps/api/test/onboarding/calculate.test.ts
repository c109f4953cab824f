import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { tryAdvisoryLock } from '@sigmasight/core/database'
import { until } from '../../../../packages/core/test/harness/until.ts'
import { ApiWorld, type UserCaller } from '../harness/api-world.ts'
import { EVENING, HEADER, KNOWN, NOW, OnboardingWorld, uploadOf } from './onboarding-world.ts'

const UPLOAD = '/api/v1/onboarding/create-portfolio'
const GOOD = [HEADER, ...KNOWN.map((symbol) => `${symbol},10,50.25,2025-03-03`)].join('\n')

let world: OnboardingWorld
let ann: UserCaller

beforeAll(async () => {
  world = await OnboardingWorld.start()
  ann = await world.api.user()
})
afterAll(() => world[Symbol.asyncDispose]())

interface Status {
  readonly status: string
}

async function newPortfolio(): Promise<string> {
  const { body } = await ann.form<{ portfolio_id: string }>(UPLOAD, uploadOf(GOOD))
  return body.portfolio_id
}

/** When it runs no more. */
function statusOf(id: string): Promise<string> {
  const look = async () => (await ann.get<Status>(`/api/v1/onboarding/status/${id}`)).body.status
  return until('its end', look, (status) => status !== 'running')
}

test('calculate makes the snapshot that is lacking', async () => {
  const id = await newPortfolio()
  await world.batch.rows(`delete from portfolio_snapshots where portfolio_id = '${id}'`)

  const { status, body } = await ann.post(`/api/v1/portfolios/${id}/calculate`)

  expect([status, body]).toMatchObject([
    202,
    { status: 'started', poll_url: `/api/v1/onboarding/status/${id}` },
  ])
  expect(await statusOf(id)).toBe('completed')
  const rows = await world.batch.rows(
    `select snapshot_date as date from portfolio_snapshots where portfolio_id = '${id}' and is_complete`,
  )
  expect(rows).toEqual([{ date: EVENING }])
})

test('a run that is under way is not disturbed unless by force; one whose process died is no run', async () => {
  const id = await newPortfolio()
  await world.batch.rows(`delete from portfolio_snapshots where portfolio_id = '${id}'`)
  const run = randomUUID()
  const lock = await tryAdvisoryLock(world.batch.store.url, `test:${run}`)
  await world.batch.rows(`
    insert into batch_run_history (batch_run_id, job_type, source, portfolio_id, started_at, progress)
    values ('${run}', 'symbol_onboarding', 'onboarding', '${id}', '${NOW}', '{"lock_names": ["test:${run}"]}')`)

  const busy = await ann.post(`/api/v1/portfolios/${id}/calculate`)
  expect([busy.status, busy.body]).toMatchObject([
    409,
    { code: 'BATCH_RUNNING', batch_run_id: run },
  ])
  const running = await ann.get(`/api/v1/onboarding/status/${id}`)
  expect(running.body).toMatchObject({ status: 'running' })

  const forced = ann.post(`/api/v1/portfolios/${id}/calculate?force=true`)
  await until('a request to cancel', () => isCancelled(run))
  await lock?.[Symbol.asyncDispose]()
  expect((await forced).status).toBe(202)
  expect(await statusOf(id)).toBe('completed')
  const [ended] = await world.batch.rows(
    `select status, error_summary ->> 'reason' as reason from batch_run_history where batch_run_id = '${run}'`,
  )
  expect(ended).toEqual({ status: 'failed', reason: 'process_died' })
})

async function isCancelled(run: string): Promise<boolean> {
  const [row] = await world.batch.rows<{ cancel_requested: boolean }>(
    `select cancel_requested from batch_run_history where batch_run_id = '${run}'`,
  )
  return row?.cancel_requested === true
}

test('without any price nothing is created', async () => {
  await using empty = await ApiWorld.start({ now: NOW })
  const ben = await empty.user()

  const { status, body, headers } = await ben.form(UPLOAD, uploadOf(GOOD))

  expect([status, body]).toMatchObject([503, { code: 'NO_PRICE_DATA' }])
  expect(headers.get('retry-after')).not.toBeNull()
  const { rows } = await empty.store.database.pool.query(
    'select (select count(*) from portfolios) + (select count(*) from batch_run_history) as n',
  )
  expect(rows).toEqual([{ n: 0 }])
})
