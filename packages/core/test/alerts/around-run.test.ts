import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { DateTime } from 'luxon'
import {
  aroundRun,
  createAlertSender,
  createHealthPings,
  type RunReporting,
} from '../../src/alerts/index.ts'
import type { RunResult } from '../../src/batch/result.ts'
import type { RunRequest } from '../../src/batch/run-request.ts'
import { openDatabase } from '../../src/database/index.ts'
import { createMetrics } from '../../src/metrics/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { AMPLE_MS, SHORT_MS, startHookServer, type HookServer } from './hook-server.ts'
import { insertRun } from './past-runs.ts'
import { recordingLog } from './recording-log.ts'
import { refreshResult, runRequest, runResult, TARGET } from './results.ts'

let store: TestDatabase
let webhook: HookServer
let switchboard: HookServer
beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())
beforeEach(async () => {
  await sql`truncate daily_metrics, batch_run_history, batch_run_tracking, users cascade`.execute(
    store.database.db,
  )
  webhook = await startHookServer()
  switchboard = await startHookServer()
})
afterEach(async () => {
  await webhook[Symbol.asyncDispose]()
  await switchboard[Symbol.asyncDispose]()
})

/** Everything but the batch itself is real: database, webhook, pings. */
function newProgram(changes: Partial<RunReporting> = {}, timeoutMs = AMPLE_MS) {
  const { log, lines } = recordingLog()
  const { database } = store
  const sleep = () => Promise.resolve()
  const now = DateTime.utc(2025, 7, 3, 1, 20) as DateTime<true>
  const ports = { fetch, sleep, timeoutMs, log }
  const clock = { now: () => now }
  const reporting: RunReporting = {
    database,
    record: createMetrics(log),
    alerts: createAlertSender({ ...ports, webhookUrl: webhook.url, clock, database }),
    pings: createHealthPings({ ...ports, url: switchboard.url }),
    log,
    symbolsMinShare: 0.8,
    ...changes,
  }
  const run = (result: RunResult | Error, request: Partial<RunRequest> = {}) =>
    aroundRun(reporting, runRequest(request), () =>
      result instanceof Error ? Promise.reject(result) : Promise.resolve(result),
    )
  const metrics = () => lines.filter(({ message }) => message === 'metric')
  return { run, lines, metrics }
}

const pings = () => switchboard.calls.map(({ path }) => path.replace('/hooks/s3cret', '') || '/')

const REFRESH = { jobType: 'portfolio_refresh' } as const

describe('around a run', () => {
  test('a good night: start, metrics, success, and no alert', async () => {
    const { run, metrics } = newProgram()
    const result = runResult()
    expect(await run(result)).toBe(result)
    expect(pings()).toEqual(['/start', '/'])
    expect(metrics().map(({ fields }) => fields['metric'])).toContain(
      'v2.symbol_batch.duration_seconds',
    )
    expect(webhook.calls).toEqual([])
  })

  test('a failed night alerts and pings failure; the good one after it brings the recovery', async () => {
    const { run } = newProgram()
    await run(runResult({ status: 'failed' }))
    await run(runResult({ status: 'failed' }))
    await run(runResult())
    expect(pings()).toEqual(['/start', '/fail', '/start', '/fail', '/start', '/'])
    expect(webhook.titles()).toEqual([
      '[CRITICAL] Symbol batch failed',
      '[RECOVERED] Symbol batch failed',
    ])
  })

  test('a run that throws is alerted, pinged and thrown on', async () => {
    const crash = new Error('lost connection to postgres://ann:hunter2@db/main')
    const { run } = newProgram()
    await expect(run(crash)).rejects.toBe(crash)
    expect(pings()).toEqual(['/start', '/fail'])
    expect(webhook.titles()).toEqual(['[CRITICAL] Symbol batch crashed'])
    expect(webhook.calls[0]?.body).not.toContain('hunter2')
  })

  test.each([
    [{ reason: 'nothing_to_do', dates: [] }, ['/start', '/']],
    [{ status: 'skipped', reason: 'v2_disabled', dates: [] }, ['/start', '/']],
    [{ status: 'skipped', reason: 'already_running', dates: [] }, ['/start']],
    [{ status: 'cancelled', reason: 'signal' }, ['/start', '/fail']],
  ] as const)('%p pings %p and alerts nobody', async (ending, expected) => {
    const { run } = newProgram()
    await run(runResult(ending))
    expect(pings()).toEqual(expected)
    expect(webhook.calls).toEqual([])
  })

  test('a run that is not the night’s pings nobody, and a limited one records no metrics', async () => {
    const { run, metrics } = newProgram()
    await run(runResult(), { dates: { kind: 'range', start: TARGET, end: TARGET } })
    expect(metrics()).not.toEqual([])
    const limited = newProgram()
    await limited.run(runResult({ symbols_processed: 1 }), {
      scope: { kind: 'symbols', symbols: ['AAPL' as Ticker] },
    })
    expect(limited.metrics()).toEqual([])
    expect(pings()).toEqual([])
    expect(webhook.calls).toEqual([])
  })

  test('few symbols are few by the median of the last five successful runs', async () => {
    const nights = ['06-20', '06-23', '06-24', '06-25', '06-26', '06-27', '06-30', '07-01']
    // The oldest does not count any more; those that failed, or were limited, never do.
    const processed = [1000, 100, 110, 5, 5, 90, 100, 105]
    for (const [i, night] of nights.entries()) {
      const status = processed[i] === 5 ? 'failed' : 'completed'
      const result = runResult({ symbols_processed: processed[i] ?? 0, status })
      await insertRun(store, result, { date: `2025-${night}` })
    }
    const limited = runResult({ symbols_processed: 2 })
    for (let i = 0; i < 3; i++) {
      await insertRun(store, limited, { date: '2025-07-01', isTracked: false })
    }
    const { run } = newProgram()
    await run(runResult({ symbols_processed: 80 }))
    expect(webhook.calls).toEqual([])
    await run(runResult({ symbols_processed: 79 }))
    expect(webhook.messages()[0]?.content).toContain(
      'v2.symbol_batch.symbols_processed is 79, below 80; expected',
    )
  })

  test('portfolios are counted by who has a complete snapshot of the target', async () => {
    await insertPortfolios()
    const { run } = newProgram()
    await run(refreshResult(), REFRESH)
    expect(webhook.messages()[0]?.content).toContain(
      'v2.portfolio_refresh.portfolios_processed is 8, below 9; expected',
    )
    await sql`update portfolio_snapshots set is_complete = true`.execute(store.database.db)
    await run(refreshResult(), REFRESH)
    expect(webhook.titles()).toEqual([
      '[CRITICAL] Portfolio refresh left portfolios behind',
      '[RECOVERED] Portfolio refresh left portfolios behind',
    ])
  })

  test('nothing that fails in reporting fails the run', async () => {
    webhook.replies.push('stall', 'stall', 'stall', 'stall')
    switchboard.replies.push('reset', 'reset', 'reset', 'reset', 'reset')
    const record = () => {
      throw new Error('sink is broken')
    }
    const { run, lines } = newProgram({ record }, SHORT_MS)
    const result = runResult({ status: 'failed' })
    expect(await run(result)).toBe(result)
    expect(lines.map(({ message }) => message)).toEqual([
      'health_ping_failed',
      'run_reporting_failed',
      'alert',
      'alert_not_delivered',
      'health_ping_failed',
    ])
  })

  test('without a database a failed run is still alerted', async () => {
    const database = await openDatabase({ url: store.url, poolMax: 1, applicationName: 'lost' })
    await database[Symbol.asyncDispose]()
    const { run, lines } = newProgram({ database })
    await run(runResult({ status: 'failed' }))
    expect(webhook.titles()).toEqual(['[CRITICAL] Symbol batch failed'])
    expect(lines.map(({ message }) => message)).toContain('run_facts_unavailable')
  })
})

/** Ten that are due, eight of them with a complete snapshot; and three that do not count. */
async function insertPortfolios(): Promise<void> {
  const { db } = store.database
  await sql`
    with owner as (
      insert into users (email, password_hash, full_name) values ('a@example.com', 'x', 'A')
      returning id
    ), made as (
      insert into portfolios
        (user_id, name, account_name, account_type, initial_equity, equity_balance, equity_as_of, is_active, deleted_at)
      select owner.id, 'P' || n, 'P' || n, 'taxable', 100, 100,
             case when n = 1 then null when n = 11 then date '2025-07-03' else date '2025-06-02' end,
             n <> 12, case when n = 13 then now() end
      from owner, generate_series(1, 13) n
      returning id, name
    )
    insert into portfolio_snapshots (portfolio_id, snapshot_date, is_complete)
    select id, ${TARGET}, name <> 'P9' from made
    where name = any(array['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9'])
  `.execute(db)
}
