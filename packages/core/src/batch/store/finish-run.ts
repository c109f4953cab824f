import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { heldRuns } from './held-runs.ts'
import type { Activity } from '../activity-log.ts'
import type { RunResult } from '../result.ts'

/**
 * Closes a run's row with its terminal status, its totals and the whole result object, once no unit of it is
 * being written any more.
 *
 * @param activity of a run that had no heartbeat to write it
 */
export async function finishRun(
  db: Kysely<Tables>,
  result: RunResult,
  at: Date,
  activity?: readonly Activity[],
): Promise<void> {
  await db
    .updateTable('batch_run_history')
    .set({
      status: result.status,
      completed_at: at,
      heartbeat_at: at,
      updated_at: at,
      total_jobs: result.total_jobs,
      completed_jobs: result.successful_jobs,
      failed_jobs: result.failed_jobs,
      summary: JSON.stringify(result),
      error_summary: JSON.stringify({ reason: result.reason ?? null, alerts: result.alerts }),
      ...(activity === undefined ? {} : { activity_log: JSON.stringify(activity) }),
    })
    .where('batch_run_id', 'in', heldRuns(db, [result.batch_run_id]))
    .execute()
}
