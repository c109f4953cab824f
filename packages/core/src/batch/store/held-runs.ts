import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { Tables } from '../../database/index.ts'

/**
 * The rows of runs, locked so that transactions which hold a run open (`holdRunOpen`) are waited for. To be
 * part of the statement that closes the runs; a heartbeat needs no such lock and waits for nobody.
 */
export function heldRuns(
  db: Kysely<Tables>,
  batchRunIds: readonly (string | null)[],
): SelectQueryBuilder<Tables, 'batch_run_history', { batch_run_id: string }> {
  const ids = batchRunIds.filter((id) => id !== null)
  return db
    .selectFrom('batch_run_history')
    .select('batch_run_id')
    .where('batch_run_id', 'in', ids)
    .forUpdate()
}
