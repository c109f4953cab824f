import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { NightlySymbol } from './select-nightly-symbols.ts'

/**
 * Makes sure that every symbol a session needs is in `symbol_universe`, and that the row knows the
 * first and last session for which it was needed. Writes nothing where nothing changes.
 */
export async function ensureSymbols(
  db: Kysely<Tables>,
  symbols: readonly NightlySymbol[],
  date: SessionDate,
): Promise<void> {
  const names = symbols.map(({ symbol }) => symbol)
  const types = symbols.map(({ assetType }) => assetType)
  await sql`
    insert into symbol_universe as u (symbol, asset_type, first_seen_date, last_seen_date)
    select symbol, asset_type, ${date}::date, ${date}::date
    from unnest(${names}::text[], ${types}::text[]) as seen (symbol, asset_type)
    on conflict (symbol) do update
    set first_seen_date = least(u.first_seen_date, excluded.first_seen_date),
        last_seen_date = greatest(u.last_seen_date, excluded.last_seen_date),
        updated_at = now()
    where u.first_seen_date is distinct from least(u.first_seen_date, excluded.first_seen_date)
       or u.last_seen_date is distinct from greatest(u.last_seen_date, excluded.last_seen_date)
  `.execute(db)
}
