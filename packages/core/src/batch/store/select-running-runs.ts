import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Json } from '../phase.ts'

/** A run that says it is running, with what its heartbeat last wrote. */
export interface RunningRun {
  readonly batch_run_id: string
  readonly job_type: string
  readonly started_at: Date
  readonly heartbeat_at: Date | null
  readonly progress: Readonly<Record<string, Json>> | null
}

/** All runs that say `running`, oldest first. Whether they do is for their locks to tell. */
export async function selectRunningRuns(db: Kysely<Tables>): Promise<readonly RunningRun[]> {
  const rows = await db
    .selectFrom('batch_run_history')
    .select(['batch_run_id', 'job_type', 'started_at', 'heartbeat_at', 'progress'])
    .where('status', '=', 'running')
    .orderBy('started_at')
    .execute()
  return rows.map((row) => ({ ...row, progress: row.progress as RunningRun['progress'] }))
}
