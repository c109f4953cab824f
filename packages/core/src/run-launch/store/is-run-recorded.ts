import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** Whether a run has written its row. */
export async function isRunRecorded(db: Kysely<Tables>, batchRunId: string): Promise<boolean> {
  const row = await db
    .selectFrom('batch_run_history')
    .select('id')
    .where('batch_run_id', '=', batchRunId)
    .executeTakeFirst()
  return row !== undefined
}
