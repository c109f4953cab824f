import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { withHeldTable } from '../../../../packages/core/test/harness/held-table.ts'
import { until } from '../../../../packages/core/test/harness/until.ts'
import type { UserCaller } from '../harness/api-world.ts'
import { EVENING, HEADER, OnboardingWorld, uploadOf } from './onboarding-world.ts'

let world: OnboardingWorld
let ann: UserCaller

beforeAll(async () => {
  world = await OnboardingWorld.start({ env: { BATCH_V2_ENABLED: 'false', LOG_LEVEL: 'error' } })
  ann = await world.api.user()
})
afterAll(() => world[Symbol.asyncDispose]())

interface Status {
  readonly status: string
  readonly mode: string
  readonly phases: readonly { readonly name: string; readonly status: string }[]
  readonly overall_progress: { readonly percent_complete: number }
  readonly activity_log: readonly unknown[]
}

test('legacy mode answers at once, and a run of its own computes everything from the earliest entry', async () => {
  const csv = `${HEADER}\nALTO,10,50,2025-07-01\nGATE,5,30,2025-07-03`

  // So that its run cannot be through before one looks.
  const id = await withHeldTable(world.batch.db, 'portfolio_snapshots', () => uploadAndLook(csv))
  const last = await lastStatusOf(id)
  expect(last).toMatchObject({ status: 'completed', overall_progress: { percent_complete: 100 } })
  expect(last.phases.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['prices', 'factors', 'snapshots', 'exposures', 'stress_tests']),
  )
  expect(last.activity_log.length).toBeGreaterThan(5)
  const snapshots = await world.batch.rows<{ date: string; equity: number }>(`
    select snapshot_date as date, equity_balance::float8 as equity
    from portfolio_snapshots where portfolio_id = '${id}' and is_complete order by 1`)
  expect(snapshots.map(({ date }) => date)).toEqual([
    '2025-07-01',
    '2025-07-02',
    '2025-07-03',
    '2025-07-07',
    '2025-07-08',
    '2025-07-09',
    EVENING,
  ])
  // The typed equity is that of the day of the upload.
  expect(snapshots.at(-1)?.equity).toBe(100_000)
  const done = await ann.post(`/api/v1/portfolios/${id}/calculate`)
  expect([done.status, done.body]).toMatchObject([200, { status: 'completed' }])
})

/** Uploads, expects that its run goes on, and answers the portfolio's id. */
async function uploadAndLook(csv: string): Promise<string> {
  const { status, body } = await ann.form<Record<string, unknown>>(
    '/api/v1/onboarding/create-portfolio',
    uploadOf(csv),
  )
  expect(status).toBe(201)
  expect(body).toMatchObject({
    mode: 'v1_batch',
    status: 'processing',
    snapshot_date: null,
    net_asset_value: null,
    batch_run_id: expect.any(String),
  })
  const id = String(body['portfolio_id'])
  const first = await ann.get<Status>(`/api/v1/onboarding/status/${id}`)
  expect(first.body).toMatchObject({ mode: 'v1_batch', status: 'running' })
  const busy = await ann.post(`/api/v1/portfolios/${id}/calculate`)
  expect([busy.status, busy.body]).toMatchObject([
    409,
    { code: 'BATCH_RUNNING', batch_run_id: body['batch_run_id'] },
  ])
  return id
}

/** What its status says when its run has ended. */
function lastStatusOf(id: string): Promise<Status> {
  return until(
    'the end of its run',
    async () => (await ann.get<Status>(`/api/v1/onboarding/status/${id}`)).body,
    ({ status }) => status === 'completed' || status === 'failed',
  )
}

test('a lot from before the calendar begins does not keep the portfolio from being valued', async () => {
  const { body } = await ann.form<Record<string, unknown>>(
    '/api/v1/portfolios',
    uploadOf(`${HEADER}\nALTO,10,2.5,1962-03-01`),
  )
  const id = String(body['portfolio_id'])

  await lastStatusOf(id)

  const snapshots = await world.batch.rows(
    `select snapshot_date as date from portfolio_snapshots where portfolio_id = '${id}' and is_complete`,
  )
  expect(snapshots).toEqual([{ date: EVENING }])
  const done = await ann.post(`/api/v1/portfolios/${id}/calculate`)
  expect(done.body).toMatchObject({ status: 'completed' })
})
