import { describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import type { Activity } from '../../src/batch/activity-log.ts'
import {
  runLog,
  viewRun,
  viewUnrecorded,
  type FailedItem,
  type RunRow,
} from '../../src/run-ledger/index.ts'
import { runResult } from '../alerts/results.ts'

const NOW = DateTime.utc(2025, 7, 3, 1, 2, 3, 450) as DateTime<true>

function row(changes: Partial<RunRow> = {}): RunRow {
  return {
    batch_run_id: 'r',
    job_type: 'symbol_batch',
    status: 'running',
    source: 'cron',
    triggered_by: 'test',
    started_at: new Date('2025-07-03T01:00:00Z'),
    completed_at: null,
    target_date: '2025-07-02',
    portfolio_id: null,
    portfolio_name: null,
    total_jobs: 0,
    completed_jobs: 0,
    failed_jobs: 0,
    cancel_requested: false,
    reason: null,
    progress: {},
    ...changes,
  }
}

describe('the view of a run', () => {
  test('while it runs counts what has ended and what is left of the phase under way', () => {
    const progress = { current_job: 'factors', done: 30, total: 50, percent: 61.3 }
    expect(viewRun(row({ progress, completed_jobs: 95, failed_jobs: 5 }), NOW)).toMatchObject({
      elapsed_seconds: 123.5,
      jobs: { total: 120, completed: 95, failed: 5 },
      current_job: 'factors',
      progress_percent: 61.3,
    })
  })

  test('before its first heartbeat says that it is starting', () => {
    expect(viewRun(row(), NOW)).toMatchObject({
      current_job: 'starting',
      progress_percent: 0,
      jobs: { total: 0 },
    })
    const since = NOW.minus({ seconds: 2 })
    const begun = { batchRunId: 'r', jobType: 'symbol_batch', triggeredBy: 'test', since }
    expect(viewUnrecorded(begun, NOW)).toMatchObject({
      status: 'running',
      current_job: 'starting',
      elapsed_seconds: 2,
    })
  })

  test('reaches 100 percent only when it has completed', () => {
    const ended = { completed_at: new Date('2025-07-03T01:01:00Z'), total_jobs: 7 }
    const percentOf = (changes: Partial<RunRow>) => viewRun(row(changes), NOW).progress_percent
    expect(percentOf({ ...ended, status: 'completed' })).toBe(100)
    expect(percentOf({ ...ended, status: 'completed_with_warnings' })).toBe(100)
    expect(percentOf({ ...ended, status: 'failed', progress: { percent: 40 } })).toBe(40)
    expect(percentOf({ progress: { percent: 100 } })).toBe(99)
    expect(viewRun(row({ ...ended, status: 'completed' }), NOW)).toMatchObject({
      elapsed_seconds: 60,
      current_job: null,
      jobs: { total: 7 },
    })
  })
})

describe('the log of a run', () => {
  const at = (minute: number) => `2025-07-03T01:0${minute}:00.000Z`
  const failure: FailedItem = {
    ...{ batch_run_id: 'r', job_type: 'symbol_batch', job_name: 'prices', item_id: 'ZINC' },
    ...{ portfolio_id: null, session: '2025-07-02', reason: 'unknown_symbol' },
    ...{ error_category: 'permanent', error_message: 'nobody knows it', attempts: 1 },
    failed_at: new Date(at(2)),
  }
  const activity: readonly Activity[] = [
    { at: at(1), date: '2025-07-02', phase: 'prices', event: 'started' },
    {
      at: at(3),
      date: '2025-07-02',
      phase: 'prices',
      event: 'ended',
      status: 'completed',
      processed: 9,
      skipped: 0,
      failed: 1,
      duration_ms: 120,
    },
  ]

  test('is in the order of time, from its start to its end', () => {
    const ended = row({
      ...{ status: 'completed_with_warnings', completed_at: new Date(at(4)) },
      ...{ completed_jobs: 9, failed_jobs: 1 },
    })
    const result = runResult({ alerts: ['one symbol failed'] })
    const entries = runLog(ended, { activity, result }, [failure])
    expect(entries.map(({ level, event, text }) => `${level} ${event}: ${text}`)).toEqual([
      'info run_started: symbol_batch for 2025-07-02, cron, by test',
      'info phase_started: 2025-07-02 prices',
      'error item_failed: 2025-07-02 prices ZINC: unknown_symbol: nobody knows it',
      'warning phase_ended: 2025-07-02 prices: completed, 9 done, 0 skipped, 1 failed, 120 ms',
      'warning alert: one symbol failed',
      'info run_ended: completed_with_warnings: 9 done, 1 failed',
    ])
  })

  test('of a run under way has no end; of one whose process died the reason', () => {
    const events = (run: RunRow) => runLog(run, { activity, result: null }, []).at(-1)
    expect(events(row())?.event).toBe('phase_ended')
    const dead = row({ status: 'failed', reason: 'process_died', completed_at: new Date(at(9)) })
    expect(events(dead)).toMatchObject({
      level: 'error',
      text: 'failed (process_died): 0 done, 0 failed',
    })
  })
})
