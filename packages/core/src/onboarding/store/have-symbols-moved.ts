import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/**
 * Whether a run may have changed prices since an instant: one that is recorded as running, where one that
 * died counts until it is closed, or that ended later. Those that bring in a new symbol change no others.
 */
export async function haveSymbolsMoved(db: Kysely<Tables>, since: Date): Promise<boolean> {
  const row = await db
    .selectFrom('batch_run_history')
    .select('batch_run_id')
    .where((row) => row.or([row('status', '=', 'running'), row('completed_at', '>', since)]))
    .where('job_type', 'in', ['symbol_batch', 'legacy_batch'])
    .where('source', '<>', 'onboarding')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
