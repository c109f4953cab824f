import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { heldRuns } from './held-runs.ts'

/** Closes runs that still say `running` as `failed` with a reason. */
export async function failRuns(
  db: Kysely<Tables>,
  batchRunIds: readonly string[],
  reason: string,
  at: Date,
): Promise<void> {
  if (batchRunIds.length === 0) return
  await db
    .updateTable('batch_run_history')
    .set({
      status: 'failed',
      completed_at: at,
      updated_at: at,
      error_summary: JSON.stringify({ reason }),
    })
    .where('batch_run_id', 'in', heldRuns(db, batchRunIds))
    .where('status', '=', 'running')
    .execute()
}
