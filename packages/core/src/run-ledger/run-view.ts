import type { DateTime } from 'luxon'
import type { RunState } from '../database/tables/batch-tables.ts'

/** A row of `batch_run_history` as far as its progress goes. */
export interface RunRow {
  readonly batch_run_id: string
  readonly job_type: string
  readonly status: RunState
  readonly source: string
  readonly triggered_by: string
  readonly started_at: Date
  readonly completed_at: Date | null
  readonly target_date: string | null
  readonly portfolio_id: string | null
  readonly portfolio_name: string | null
  readonly total_jobs: number
  readonly completed_jobs: number
  readonly failed_jobs: number
  readonly cancel_requested: boolean
  /** Null when the run was not told to say why it ended. */
  readonly reason: string | null
  readonly progress: {
    readonly current_job?: string
    readonly current_date?: string
    readonly done?: number
    readonly total?: number
    readonly percent?: number
  }
}

/** A run as pages and scripts show it. Names are a contract. */
export interface RunView {
  readonly batch_run_id: string
  readonly job_type: string
  readonly status: string
  readonly reason: string | null
  readonly source: string
  readonly triggered_by: string
  readonly started_at: string
  readonly completed_at: string | null
  readonly elapsed_seconds: number
  readonly target_date: string | null
  readonly jobs: { readonly total: number; readonly completed: number; readonly failed: number }
  /** The phase under way. */
  readonly current_job: string | null
  /** The name of the portfolio that a run is about; runs of many work on them side by side. */
  readonly current_portfolio: string | null
  /** One decimal; 100 only for a run that completed, else 99 at most. */
  readonly progress_percent: number
  readonly cancel_requested: boolean
}

const DONE: ReadonlySet<string> = new Set(['completed', 'completed_with_warnings'])

/**
 * The view of a run at an instant. While it runs its jobs are those that ended and those that are left of
 * the phase under way: what later phases will have is not known before.
 */
export function viewRun(row: RunRow, now: DateTime<true>): RunView {
  const { progress } = row
  const isRunning = row.status === 'running'
  const end = row.completed_at?.getTime() ?? now.toMillis()
  const left = Math.max(0, (progress.total ?? 0) - (progress.done ?? 0))
  const ended = row.completed_jobs + row.failed_jobs
  return {
    batch_run_id: row.batch_run_id,
    job_type: row.job_type,
    status: row.status,
    reason: row.reason,
    source: row.source,
    triggered_by: row.triggered_by,
    started_at: row.started_at.toISOString(),
    completed_at: row.completed_at?.toISOString() ?? null,
    elapsed_seconds: Math.max(0, Math.round((end - row.started_at.getTime()) / 100) / 10),
    target_date: row.target_date,
    jobs: {
      total: isRunning ? ended + left : row.total_jobs,
      completed: row.completed_jobs,
      failed: row.failed_jobs,
    },
    current_job: isRunning ? progress.current_job || 'starting' : null,
    current_portfolio: row.portfolio_name ?? row.portfolio_id,
    progress_percent: DONE.has(row.status) ? 100 : Math.min(99, progress.percent ?? 0),
    cancel_requested: row.cancel_requested,
  }
}

/** The view of a run that was started and has not written its row yet. */
export function viewUnrecorded(
  run: {
    readonly batchRunId: string
    readonly jobType: string
    readonly triggeredBy: string
    readonly since: DateTime<true>
  },
  now: DateTime<true>,
): RunView {
  const elapsed = now.toMillis() - run.since.toMillis()
  return {
    batch_run_id: run.batchRunId,
    job_type: run.jobType,
    status: 'running',
    reason: null,
    source: 'admin',
    triggered_by: run.triggeredBy,
    started_at: run.since.toISO(),
    completed_at: null,
    elapsed_seconds: Math.max(0, Math.round(elapsed / 100) / 10),
    target_date: null,
    jobs: { total: 0, completed: 0, failed: 0 },
    current_job: 'starting',
    current_portfolio: null,
    progress_percent: 0,
    cancel_requested: false,
  }
}
