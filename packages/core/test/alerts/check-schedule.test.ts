import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import { checkSchedule, createAlertSender } from '../../src/alerts/index.ts'
import { tryAdvisoryLocks } from '../../src/database/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { AMPLE_MS, startHookServer } from './hook-server.ts'
import { insertRun } from './past-runs.ts'
import { recordingLog } from './recording-log.ts'
import { refreshResult, runResult } from './results.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())

test('a night whose symbol batch is killed: silence while it lives, then overdue and stale, then recovery', async () => {
  await using hook = await startHookServer()
  const { database } = store
  const { log } = recordingLog()
  let now = DateTime.utc(2025, 7, 3, 1, 20) as DateTime<true>
  const clock = { now: () => now }
  const sleep = () => Promise.resolve()
  const ports = { webhookUrl: hook.url, fetch, sleep, timeoutMs: AMPLE_MS, clock, database, log }
  const alerts = createAlertSender(ports)
  const check = () => checkSchedule({ database, clock, alerts, settleMinutes: 30 })

  await insertRun(store, runResult(), { date: '2025-07-01' })
  await insertRun(store, refreshResult(), { date: '2025-07-01' })
  await insertRun(store, runResult(), { date: '2025-07-02', state: 'running', hasSummary: false })
  {
    await using lock = await tryAdvisoryLocks(store.url, ['symbol_batch'])
    expect(lock).not.toBeNull()
    await check()
  }
  expect(hook.titles()).toEqual([])

  await check()
  await check()
  const killed = ['[CRITICAL] Symbol batch is overdue', '[WARNING] Symbol data is stale']
  expect(hook.titles()).toEqual(killed)

  await insertRun(store, runResult(), { date: '2025-07-02' })
  now = now.plus({ minutes: 10 })
  await check()
  expect(hook.titles().slice(2)).toEqual([
    '[RECOVERED] Symbol batch is overdue',
    '[RECOVERED] Symbol data is stale',
  ])

  now = now.plus({ minutes: 20 })
  await check()
  expect(hook.titles().slice(4)).toEqual([
    '[CRITICAL] Portfolio refresh is overdue',
    '[WARNING] Portfolio data is stale',
  ])
})
