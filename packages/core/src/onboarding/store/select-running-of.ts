import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** The runs about one portfolio that say they run, oldest first. Whether they do is for their locks to tell. */
export async function selectRunningOf(
  db: Kysely<Tables>,
  portfolioId: string,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('batch_run_history')
    .select('batch_run_id')
    .where('portfolio_id', '=', portfolioId)
    .where('status', '=', 'running')
    .orderBy('started_at')
    .execute()
  return rows.map(({ batch_run_id }) => batch_run_id)
}
