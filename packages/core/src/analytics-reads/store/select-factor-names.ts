import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** The names of the active factors by id, in the order of the definitions. */
export async function selectFactorNames(db: Kysely<Tables>): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('factor_definitions')
    .select(['id', 'name'])
    .where('is_active', '=', true)
    .orderBy('display_order')
    .orderBy('name')
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
