import type { DateResult, PhaseResult, RunResult } from '../../src/batch/result.ts'
import type { RunRequest } from '../../src/batch/run-request.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'

export const TARGET = '2025-07-02' as SessionDate

export function phase(changes: Partial<PhaseResult> = {}): PhaseResult {
  return {
    status: 'completed',
    started_at: '2025-07-03T01:00:00.000Z',
    duration_ms: 2000,
    processed: 0,
    skipped: 0,
    failed: 0,
    error: null,
    reasons: {},
    metrics: {},
    ...changes,
  }
}

export function dated(
  date: string,
  phases: Readonly<Record<string, PhaseResult>>,
  status: DateResult['status'] = 'completed',
): DateResult {
  return { date: date as SessionDate, status, phases }
}

export function runResult(changes: Partial<RunResult> = {}): RunResult {
  return {
    batch_run_id: '00000000-0000-4000-8000-000000000001',
    job_type: 'symbol_batch',
    mode: 'v2',
    status: 'completed',
    source: 'cron',
    triggered_by: 'test',
    target_date: TARGET,
    dates: [dated(TARGET, { prices: phase({ processed: 500 }) })],
    portfolios_processed: 0,
    symbols_processed: 500,
    total_jobs: 500,
    successful_jobs: 500,
    failed_jobs: 0,
    job_summary: [],
    data_quality: {
      portfolios_full: 0,
      portfolios_limited: 0,
      portfolios_failed: 0,
      positions_processed: 0,
      positions_stale: 0,
      positions_missing: 0,
      symbols_full_history: 0,
      symbols_limited_history: 0,
      average_observations: null,
    },
    missing_symbols: [],
    alerts: [],
    started_at: '2025-07-03T01:00:00.000Z',
    completed_at: '2025-07-03T01:15:00.000Z',
    total_duration_seconds: 900,
    ...changes,
  }
}

export function refreshResult(changes: Partial<RunResult> = {}): RunResult {
  return runResult({
    job_type: 'portfolio_refresh',
    dates: [dated(TARGET, { snapshots: phase({ processed: 10 }) })],
    symbols_processed: 0,
    portfolios_processed: 10,
    ...changes,
  })
}

export function runRequest(changes: Partial<RunRequest> = {}): RunRequest {
  return {
    jobType: 'symbol_batch',
    mode: 'v2',
    source: 'cron',
    triggeredBy: 'test',
    dates: { kind: 'target', target: null, backfill: true },
    reprocess: 'missing',
    force: false,
    retryFailedPhases: false,
    maxCatchup: 30,
    chunkDays: null,
    fromInception: false,
    scope: { kind: 'universe' },
    phases: null,
    ...changes,
  }
}
