import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import type { Clock } from '@sigmasight/core/clock'
import { createBatchServices } from '../../src/batch/create-batch-services.ts'
import { insertRun } from '../../../../packages/core/test/alerts/past-runs.ts'
import { runResult } from '../../../../packages/core/test/alerts/results.ts'
import { startHookServer } from '../../../../packages/core/test/alerts/hook-server.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../../packages/core/test/harness/test-database.ts'
import { until } from '../../../../packages/core/test/harness/until.ts'
import { ApiWorld } from '../harness/api-world.ts'
import { MemoryLog } from '../harness/memory-log.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())

/** The jobs that the server says it starts by itself. */
async function jobsOf(env: Readonly<Record<string, string>>): Promise<unknown> {
  await using world = await ApiWorld.start({ store, now: '2025-07-03T02:00:00Z', env })
  return world.log.lines.find(({ message }) => message === 'scheduler_started')?.['jobs']
}

describe('SCHEDULER_ENABLED', () => {
  test('makes the server start six jobs in legacy mode and two in V2', async () => {
    expect(await jobsOf({ SCHEDULER_ENABLED: 'true', BATCH_V2_ENABLED: 'false' })).toHaveLength(6)
    expect(await jobsOf({ SCHEDULER_ENABLED: 'true' })).toEqual([
      'feedback_learning',
      'admin_metrics',
    ])
    expect(await jobsOf({})).toEqual([])
  })
})

test('the server tells of an overdue batch though the scheduler is off', async () => {
  await using hook = await startHookServer()
  await insertRun(store, runResult(), { date: '2025-07-01' })
  await using world = await ApiWorld.start({
    store,
    // 22:00 in New York, 45 minutes after the symbol batch was due.
    now: '2025-07-03T02:00:00Z',
    env: { ALERT_WEBHOOK_URL: hook.url },
  })
  // It is logged when the hook has answered.
  await until('an alert that was sent', () =>
    world.log.lines.some(({ message }) => message === 'alert_sent'),
  )
  expect(hook.titles().join('\n')).toContain('Symbol batch is overdue')
})

test('BATCH_TRACKER_TIMEOUT_MINUTES is how long a job counts that nobody completes', async () => {
  const env = { DATABASE_URL: store.url, BATCH_TRACKER_TIMEOUT_MINUTES: '7' }
  const config = loadConfig({ ...env, SIGMASIGHT_NOW: '2025-07-03T02:00:00Z' })
  let now = clockOf(config).now()
  const clock: Clock = { now: () => now }
  await using owned = new AsyncDisposableStack()
  const { database } = store
  const log = new MemoryLog()
  const { tracker } = createBatchServices({
    config,
    env,
    database,
    clock,
    log,
    owned,
    countCache: null,
  })
  tracker.start({ batchRunId: 'lost', triggeredBy: 'test', jobType: 'symbol_onboarding' })
  now = now.plus({ minutes: 6.9 })
  expect(tracker.isRunning('symbol_onboarding')).toBe(true)
  now = now.plus({ minutes: 0.1 })
  expect(tracker.isRunning('symbol_onboarding')).toBe(false)
})
