import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** The portfolios that a refresh works on, sorted by id; of one, itself if it is among them. */
export async function selectActivePortfolios(
  db: Kysely<Tables>,
  portfolioId: string | null,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('portfolios')
    .select('id')
    .where('is_active', '=', true)
    .where('deleted_at', 'is', null)
    .$if(portfolioId !== null, (query) => query.where('id', '=', portfolioId))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}
