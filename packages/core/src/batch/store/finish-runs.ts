import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { heldRuns } from './held-runs.ts'
import type { Activity } from '../activity-log.ts'
import type { RunResult } from '../result.ts'

/** How a run ended. */
export interface RunEnding {
  readonly result: RunResult
  readonly at: Date
  /** Of a run that had no heartbeat to write it. */
  readonly activity?: readonly Activity[]
}

/**
 * Closes the rows of runs with their terminal status, their totals and the whole result object, once no unit
 * of them is being written any more.
 */
export async function finishRuns(db: Kysely<Tables>, endings: readonly RunEnding[]): Promise<void> {
  const rows = JSON.stringify(endings.map(rowOf))
  const ids = endings.map(({ result }) => result.batch_run_id)
  await sql`
    update batch_run_history h
    set status = e.status, completed_at = e.at, heartbeat_at = e.at, updated_at = e.at,
        total_jobs = e.total_jobs, completed_jobs = e.completed_jobs, failed_jobs = e.failed_jobs,
        summary = e.summary, error_summary = e.error_summary,
        activity_log = coalesce(e.activity_log, h.activity_log)
    from jsonb_to_recordset(${rows}::jsonb) as e (
      batch_run_id uuid, status text, at timestamptz, total_jobs int, completed_jobs int,
      failed_jobs int, summary jsonb, error_summary jsonb, activity_log jsonb
    )
    where h.batch_run_id = e.batch_run_id and h.batch_run_id in (${heldRuns(db, ids)})
  `.execute(db)
}

function rowOf({ result, at, activity }: RunEnding) {
  return {
    batch_run_id: result.batch_run_id,
    status: result.status,
    at,
    total_jobs: result.total_jobs,
    completed_jobs: result.successful_jobs,
    failed_jobs: result.failed_jobs,
    summary: result,
    error_summary: { reason: result.reason ?? null, alerts: result.alerts },
    activity_log: activity ?? null,
  }
}
