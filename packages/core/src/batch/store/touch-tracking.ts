import type { Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** Notes that a session's results were brought up to date again at an instant. */
export async function touchTracking(
  db: Kysely<Tables>,
  batchType: string,
  date: SessionDate,
  at: Date,
): Promise<void> {
  await db
    .updateTable('batch_run_tracking')
    .set({ completed_at: at, updated_at: at })
    .where('batch_type', '=', batchType)
    .where('batch_date', '=', date)
    .execute()
}
