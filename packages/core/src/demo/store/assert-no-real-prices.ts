import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { UsageError } from '../../errors/index.ts'

/** Throws UsageError where the database holds other prices than synthetic ones: the two must not mix. */
export async function assertNoRealPrices(db: Kysely<Tables>): Promise<void> {
  const other = await db
    .selectFrom('market_data_cache')
    .select('data_source')
    .where('data_source', '<>', 'synthetic')
    .limit(1)
    .executeTakeFirst()
  if (other === undefined) return
  throw new UsageError(
    `DATABASE_URL names a database that holds prices of ${other.data_source}: the demo's synthetic prices would mix with them. Unset DATABASE_URL, or name an empty database`,
  )
}
