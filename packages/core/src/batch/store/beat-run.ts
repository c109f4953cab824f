import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Activity } from '../activity-log.ts'
import type { Json } from '../phase.ts'

export interface Heartbeat {
  readonly batchRunId: string
  readonly at: Date
  readonly completedJobs: number
  readonly failedJobs: number
  readonly progress: Readonly<Record<string, Json>>
  readonly activity: readonly Activity[]
}

/** Shows that a run is alive and how far it is. Returns whether somebody asked for its cancellation. */
export async function beatRun(db: Kysely<Tables>, beat: Heartbeat): Promise<boolean> {
  const row = await db
    .updateTable('batch_run_history')
    .set({
      heartbeat_at: beat.at,
      completed_jobs: beat.completedJobs,
      failed_jobs: beat.failedJobs,
      progress: JSON.stringify(beat.progress),
      activity_log: JSON.stringify(beat.activity),
      updated_at: beat.at,
    })
    .where('batch_run_id', '=', beat.batchRunId)
    .returning('cancel_requested')
    .executeTakeFirst()
  return row?.cancel_requested ?? false
}
