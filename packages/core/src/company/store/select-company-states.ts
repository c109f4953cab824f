import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { CompanyState } from '../company-state.ts'

/** What is known of the companies behind some symbols; one state per symbol, known or not. */
export async function selectCompanyStates(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<readonly CompanyState[]> {
  const { rows } = await sql<CompanyState>`
    select s.symbol,
           coalesce(u.asset_type, 'equity') = 'equity' and not coalesce(p.is_etf, false) as "isEquity",
           p.last_updated as "lastUpdated",
           p.next_earnings_date as "nextEarningsDate",
           p.fundamentals_last_fetched as "fundamentalsLastFetched"
    from unnest(${symbols}::text[]) as s (symbol)
    left join symbol_universe u on u.symbol = s.symbol
    left join company_profiles p on p.symbol = s.symbol
  `.execute(db)
  return rows
}
