import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/**
 * When a session was last recorded as done: `completed_at` of the newest row of `batch_run_tracking`, to
 * the microsecond; null before the first. It moves with every nightly run, whether or not the run's
 * notification arrived.
 */
export async function selectDataStamp(db: Kysely<Tables>): Promise<string | null> {
  const { rows } = await sql<{ stamp: string | null }>`
    select max(completed_at)::text as stamp from batch_run_tracking
  `.execute(db)
  return rows[0]?.stamp ?? null
}
