import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../ticker.ts'

/**
 * Which of some symbols are still being onboarded: they have no bar at all, and no provider was found to
 * have none.
 */
export async function selectPendingSymbols(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<readonly Ticker[]> {
  const { rows } = await sql<{ symbol: Ticker }>`
    select s.symbol
    from unnest(${symbols}::text[]) as s (symbol)
    left join symbol_universe u on u.symbol = s.symbol
    where coalesce(u.consecutive_failures, 0) = 0
      and not exists (select from market_data_cache m where m.symbol = s.symbol)
  `.execute(db)
  return rows.map(({ symbol }) => symbol)
}
