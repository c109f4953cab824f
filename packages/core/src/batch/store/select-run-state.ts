import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { RunningRun } from './select-running-runs.ts'

export interface RunState extends RunningRun {
  readonly status: string
  readonly cancel_requested: boolean
}

/** How a run stands; null when there is none of that id. */
export async function selectRunState(
  db: Kysely<Tables>,
  batchRunId: string,
): Promise<RunState | null> {
  const row = await db
    .selectFrom('batch_run_history')
    .select([
      'batch_run_id',
      'job_type',
      'started_at',
      'heartbeat_at',
      'progress',
      'status',
      'cancel_requested',
    ])
    .where('batch_run_id', '=', batchRunId)
    .executeTakeFirst()
  return row === undefined ? null : { ...row, progress: row.progress as RunState['progress'] }
}
