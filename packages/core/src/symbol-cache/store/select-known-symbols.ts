import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'

/** Every symbol of the universe and every listed one that some portfolio has a lot of; sorted. */
export async function selectKnownSymbols(db: Kysely<Tables>): Promise<readonly Ticker[]> {
  const { rows } = await sql<{ symbol: Ticker }>`
    select symbol from symbol_universe
    union
    select s.symbol
    from positions p
    cross join lateral (values (p.symbol), (p.underlying_symbol)) as s (symbol)
    where p.deleted_at is null and p.investment_class <> 'PRIVATE' and s.symbol is not null
    order by symbol
  `.execute(db)
  return rows.map(({ symbol }) => symbol)
}
