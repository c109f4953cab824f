import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/**
 * Fills what the universe does not say of some symbols from their profiles: sector, industry, and that
 * what was taken for an equity is an ETF. What it says stays; an operator may have written it.
 */
export async function describeUniverse(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<void> {
  await sql`
    update symbol_universe u
    set sector = d.sector, industry = d.industry, asset_type = d.asset_type, updated_at = now()
    from company_profiles p
    cross join lateral (
      select coalesce(t.sector, p.sector) as sector, coalesce(t.industry, p.industry) as industry,
             case when p.is_etf and t.asset_type = 'equity' then 'etf' else t.asset_type end as asset_type
      from symbol_universe t
      where t.symbol = p.symbol
    ) d
    where p.symbol = any(${symbols}::text[]) and u.symbol = p.symbol
      and (u.sector, u.industry, u.asset_type) is distinct from (d.sector, d.industry, d.asset_type)
  `.execute(db)
}
