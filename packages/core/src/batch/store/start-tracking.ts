import type { Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** Notes that a session is being worked on: until its end is recorded it counts as unfinished. */
export async function startTracking(
  db: Kysely<Tables>,
  entry: {
    readonly batchType: string
    readonly batchRunId: string
    readonly date: SessionDate
    readonly at: Date
  },
): Promise<void> {
  const row = { status: 'running' as const, batch_run_id: entry.batchRunId, completed_at: null }
  await db
    .insertInto('batch_run_tracking')
    .values({ batch_type: entry.batchType, batch_date: entry.date, ...row })
    .onConflict((conflict) =>
      conflict.columns(['batch_type', 'batch_date']).doUpdateSet({ ...row, updated_at: entry.at }),
    )
    .execute()
}
