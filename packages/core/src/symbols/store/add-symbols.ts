import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { assumedAssetType } from '../asset-type.ts'
import type { Ticker } from '../ticker.ts'

/**
 * Adds symbols to the universe and makes inactive ones active again.
 *
 * @returns how many rows were added or changed
 */
export async function addSymbols(db: Kysely<Tables>, symbols: readonly Ticker[]): Promise<number> {
  const types = symbols.map((symbol) => assumedAssetType(symbol, false))
  const { numAffectedRows } = await sql`
    insert into symbol_universe as u (symbol, asset_type)
    select distinct symbol, asset_type from unnest(${symbols}::text[], ${types}::text[]) as added (symbol, asset_type)
    on conflict (symbol) do update
    set is_active = true, consecutive_failures = 0, last_error = null, updated_at = now()
    where not u.is_active
  `.execute(db)
  return Number(numAffectedRows ?? 0)
}
