import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { assumedAssetType, type AssetType } from '../asset-type.ts'
import type { Ticker } from '../ticker.ts'

export interface NightlyQuery {
  /** First and last session the symbols are needed for. */
  readonly from: SessionDate
  readonly to: SessionDate
  readonly proxies: readonly Ticker[]
  /** Also the inactive symbols, which are tried again once a week. */
  readonly includeInactive: boolean
  /** Only this portfolio's symbols (and the proxies); null = the whole universe. */
  readonly portfolioId: string | null
}

/** A symbol whose prices a night needs. */
export interface NightlySymbol {
  readonly symbol: Ticker
  readonly assetType: AssetType
  readonly isProxy: boolean
}

/**
 * The symbols whose prices are needed: the active universe (and whoever has a close on the last session,
 * active or not: so that a symbol that came back counts from its first new close on), symbols of open PUBLIC positions,
 * contracts and underlyings of open, unexpired OPTIONS positions, and the factor proxies. PRIVATE
 * positions are never looked at. Sorted by symbol.
 */
export async function selectNightlySymbols(
  db: Kysely<Tables>,
  query: NightlyQuery,
): Promise<readonly NightlySymbol[]> {
  const { rows } = await sql<{ symbol: Ticker; asset_type: AssetType | null; is_proxy: boolean }>`
    with recursive ${LOT_SYMBOLS},
    held as (
      select p.symbol, p.underlying_symbol, p.investment_class
      from (${candidates(query.portfolioId)}) p
      join portfolios f on f.id = p.portfolio_id and f.deleted_at is null
      where p.deleted_at is null
        and p.entry_date <= ${query.to}
        and p.investment_class in ('PUBLIC', 'OPTIONS')
        and (p.investment_class = 'PUBLIC' or p.expiration_date is null or p.expiration_date >= ${query.from})
        and (
          not exists (select from position_realized_events e where e.position_id = p.id)
          or position_open_quantity(p.id, ${query.from}) <> 0
          or p.entry_date >= ${query.from}
        )
    ),
    needed as (
      select unnest(${query.proxies}::text[]) as symbol, true as is_proxy
      union all
      select symbol, false from held
      union all
      select underlying_symbol, false from held
      where investment_class = 'OPTIONS' and underlying_symbol is not null
      union all
      select symbol, false from symbol_universe
      where ${query.portfolioId}::uuid is null and (
        is_active or ${query.includeInactive} or exists (
          select from market_data_cache m
          where m.symbol = symbol_universe.symbol and m.date = ${query.to} and m.close is not null
        )
      )
    )
    select n.symbol, max(u.asset_type) as asset_type, bool_or(n.is_proxy) as is_proxy
    from needed n
    left join symbol_universe u on u.symbol = n.symbol
    group by n.symbol
    order by n.symbol
  `.execute(db)
  return rows.map((row) => ({
    symbol: row.symbol,
    assetType: row.asset_type ?? assumedAssetType(row.symbol, row.is_proxy),
    isProxy: row.is_proxy,
  }))
}

/** Every symbol of a lot once, from one entry of the index to the next: there are far fewer than lots. */
const LOT_SYMBOLS = sql`
    lot_symbol as (
      (select symbol from positions order by symbol limit 1)
      union all
      select (select p.symbol from positions p where p.symbol > l.symbol order by p.symbol limit 1)
      from lot_symbol l where l.symbol is not null
    )`

/** The lots that can add a symbol: a share of the active universe cannot, which hundreds of thousands may hold. */
function candidates(portfolioId: string | null): RawBuilder<unknown> {
  if (portfolioId !== null) return sql`select * from positions where portfolio_id = ${portfolioId}`
  return sql`
    select * from positions where symbol = any(array(
      select l.symbol from lot_symbol l
      where not exists (select from symbol_universe u where u.symbol = l.symbol and u.is_active)
    ))
    union all
    select * from positions where underlying_symbol is not null and investment_class = 'OPTIONS'`
}
