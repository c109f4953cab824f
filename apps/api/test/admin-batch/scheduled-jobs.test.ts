import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import type { LaunchRequest } from '@sigmasight/core/run-launch'
import type { ScheduledJob } from '@sigmasight/core/scheduler'
import { runScheduledJob } from '../../src/batch/run-scheduled-job.ts'
import { MemoryLog } from '../harness/memory-log.ts'
import { EVENING, morningAfter, type MorningAfter } from './night.ts'

let morning: MorningAfter
beforeAll(async () => {
  morning = await morningAfter()
})
afterAll(async () => {
  await morning[Symbol.asyncDispose]()
})

let launched: LaunchRequest[]
let sent: string[]
let resolved: string[]
beforeEach(() => {
  launched = []
  sent = []
  resolved = []
})

function run(job: ScheduledJob): Promise<void> {
  return runScheduledJob(job, {
    database: morning.night.store.database,
    // The harness's night ended at its evening's close plus four hours, New York's same day.
    clock: clockOf(loadConfig({ SIGMASIGHT_NOW: '2025-07-11T02:00:00Z' })),
    log: new MemoryLog(),
    launcher: {
      launch: (request) => {
        launched.push(request)
        return Promise.resolve({ kind: 'started', batchRunIds: [] })
      },
    },
    alerts: {
      send: (alerts) => {
        sent.push(...alerts.map(({ key, text }) => `${key}: ${text}`))
        return Promise.resolve()
      },
      resolve: (keys) => {
        resolved.push(...keys)
        return Promise.resolve()
      },
    },
    countCache: () => ({ hits: 9, fallbacks: 1, invalidations: 0 }),
    process: 'test',
  })
}

describe('a scheduled job', () => {
  test.each<[ScheduledJob, Partial<LaunchRequest>]>([
    ['daily_batch', { job: 'all', phases: null, redo: false }],
    ['weekly_correlations', { job: 'portfolio_refresh', phases: ['correlations'], redo: true }],
    ['company_profiles', { job: 'symbol_batch', phases: ['company_profiles'] }],
    ['feedback_learning', { job: 'symbol_batch', phases: ['feedback_learning'] }],
  ])('%s is a program of its own', async (job, request) => {
    await run(job)
    expect(launched).toMatchObject([{ ...request, source: 'cron', triggeredBy: 'scheduler' }])
  })

  test('admin_metrics keeps the figures of the day and of the caches', async () => {
    await run('admin_metrics')
    const { rows } = await sql<{ type: string; rate: number | null }>`
      select metric_type as type, (value ->> 'hit_rate')::float8 as rate from daily_metrics
      where metric_date = ${EVENING} and metric_type like '%_daily' order by metric_type, dimensions
    `.execute(morning.night.db)
    expect(rows).toEqual([
      { type: 'cache_daily', rate: 0.9 },
      { type: 'runs_daily', rate: null },
      { type: 'runs_daily', rate: null },
    ])
    expect(launched).toEqual([])
  })

  test('verification tells of figures that contradict each other, and when they no longer do', async () => {
    await run('verification')
    expect(sent).toEqual([])
    expect(resolved).toEqual(['verification.breach'])
    const { db } = morning.night
    await sql`update portfolio_snapshots set cumulative_pnl = cumulative_pnl + 1`.execute(db)
    await run('verification')
    await sql`update portfolio_snapshots set cumulative_pnl = cumulative_pnl - 1`.execute(db)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatch(/^verification\.breach: \d+ rows of 2025-07-10 break /)
  })
})
