import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** The beta that each symbol's profile gives; symbols without one are absent. */
export async function selectProviderBetas(
  db: Kysely<Tables>,
): Promise<ReadonlyMap<Ticker, number>> {
  const rows = await db
    .selectFrom('company_profiles')
    .select(['symbol', 'beta'])
    .where('beta', 'is not', null)
    .execute()
  return new Map(rows.flatMap(({ symbol, beta }) => (beta === null ? [] : [[symbol, beta]])))
}
