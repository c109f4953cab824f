import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** Asks a running run to stop, whatever process it is in; false when no such run says that it runs. */
export async function requestCancellation(
  db: Kysely<Tables>,
  batchRunId: string,
  at: Date,
): Promise<boolean> {
  const row = await db
    .updateTable('batch_run_history')
    .set({ cancel_requested: true, updated_at: at })
    .where('batch_run_id', '=', batchRunId)
    .where('status', '=', 'running')
    .returning('batch_run_id')
    .executeTakeFirst()
  return row !== undefined
}
