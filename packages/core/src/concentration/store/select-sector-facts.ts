import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { SectorFact } from '../sector-weights.ts'

/**
 * The sectors of some symbols and which of them are funds: as the universe says, where it does not as the
 * profile does. A symbol that neither knows is absent.
 */
export async function selectSectorFacts(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, SectorFact>> {
  const { rows } = await sql<{ symbol: Ticker; sector: string | null; is_fund: boolean }>`
    select s.symbol, coalesce(u.sector, p.sector) as sector,
           coalesce(u.asset_type in ('etf', 'fund'), false) or coalesce(p.is_etf, false) as is_fund
    from unnest(${symbols}::text[]) as s (symbol)
    left join symbol_universe u on u.symbol = s.symbol
    left join company_profiles p on p.symbol = s.symbol
    where u.symbol is not null or p.symbol is not null
  `.execute(db)
  return new Map(rows.map(({ symbol, sector, is_fund: isFund }) => [symbol, { sector, isFund }]))
}
