import type { Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** The newest session whose symbol batch is completed; null before the first. */
export async function selectNewestSymbolDate(db: Kysely<Tables>): Promise<SessionDate | null> {
  const row = await db
    .selectFrom('batch_run_tracking')
    .select('batch_date')
    .where('batch_type', '=', 'symbol_batch')
    .where('status', 'in', ['completed', 'completed_with_warnings'])
    .orderBy('batch_date', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (row?.batch_date ?? null) as SessionDate | null
}
