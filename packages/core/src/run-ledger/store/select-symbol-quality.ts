import { sql, type Kysely } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** What is stored of a symbol. */
export interface SymbolQuality {
  readonly symbol: Ticker
  readonly asset_type: string | null
  readonly is_active: boolean
  readonly newest_price: IsoDate | null
  /** Closes in the window. */
  readonly prices: number
  /** Factors of the last session. */
  readonly factors: number
  readonly has_profile: boolean
  readonly consecutive_failures: number
  readonly last_error: string | null
}

export interface SymbolQualityQuery {
  readonly symbols: readonly Ticker[]
  readonly from: SessionDate
  readonly to: SessionDate
}

/** The coverage of some symbols in a window of sessions, in the order of their names. */
export async function selectSymbolQuality(
  db: Kysely<Tables>,
  { symbols, from, to }: SymbolQualityQuery,
): Promise<readonly SymbolQuality[]> {
  const { rows } = await sql<SymbolQuality>`
    with wanted as (select distinct unnest(${symbols}::text[]) as symbol),
    priced as (
      select m.symbol, count(*)::int as prices, max(m.date) as newest
      from market_data_cache m
      where m.symbol = any(${symbols}::text[]) and m.date between ${from} and ${to} and m.close is not null
      group by m.symbol
    ),
    factored as (
      select symbol, count(*)::int as factors from symbol_factor_exposures
      where calculation_date = ${to} group by symbol
    )
    select w.symbol, u.asset_type, coalesce(u.is_active, true) as is_active, p.newest as newest_price,
           coalesce(p.prices, 0) as prices, coalesce(f.factors, 0) as factors,
           c.symbol is not null as has_profile,
           coalesce(u.consecutive_failures, 0) as consecutive_failures, u.last_error
    from wanted w
    left join symbol_universe u on u.symbol = w.symbol
    left join priced p on p.symbol = w.symbol
    left join factored f on f.symbol = w.symbol
    left join company_profiles c on c.symbol = w.symbol
    order by w.symbol
  `.execute(db)
  return rows
}
