import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../ticker.ts'

/** The provider that last served each symbol; symbols without one are absent. */
export async function selectPreferredProviders(
  db: Kysely<Tables>,
): Promise<ReadonlyMap<Ticker, string>> {
  const rows = await db
    .selectFrom('symbol_universe')
    .select(['symbol', 'preferred_provider'])
    .where('preferred_provider', 'is not', null)
    .execute()
  return new Map(
    rows.flatMap((row) =>
      row.preferred_provider === null ? [] : [[row.symbol, row.preferred_provider]],
    ),
  )
}
