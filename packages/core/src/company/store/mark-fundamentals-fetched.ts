import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/**
 * Remembers when providers were asked for the statements of some symbols, each named once, so that they
 * are not asked again before there can be new ones. A symbol without a profile gets an empty one.
 */
export async function markFundamentalsFetched(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
  at: Date,
): Promise<void> {
  await sql`
    insert into company_profiles as t (symbol, fundamentals_last_fetched)
    select symbol, ${at}::timestamptz from unnest(${symbols}::text[]) as asked (symbol) order by symbol
    on conflict (symbol) do update set fundamentals_last_fetched = excluded.fundamentals_last_fetched
  `.execute(db)
}
