import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { RunningRun } from './select-running-runs.ts'

/** Runs that say `running`, then those that ended at or after an instant, each newest first. */
export async function selectRecentRuns(
  db: Kysely<Tables>,
  endedSince: Date,
): Promise<readonly RunningRun[]> {
  const rows = await db
    .selectFrom('batch_run_history')
    .select(['batch_run_id', 'job_type', 'started_at', 'heartbeat_at', 'progress'])
    .where((row) => row.or([row('status', '=', 'running'), row('completed_at', '>=', endedSince)]))
    .orderBy((row) => row('status', '=', 'running'), 'desc')
    .orderBy('started_at', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, progress: row.progress as RunningRun['progress'] }))
}
