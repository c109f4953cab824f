import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'

/**
 * The symbols that open, unexpired positions need: those of PUBLIC lots, contracts and their underlyings.
 * Of one portfolio all of them; of all portfolios only those without figures of their own, most days a
 * few. Sorted.
 */
export async function selectNeededSymbols(
  db: Kysely<Tables>,
  { portfolioId, today }: { readonly portfolioId: string | null; readonly today: IsoDate },
): Promise<readonly Ticker[]> {
  const { rows } = await sql<{ symbol: Ticker }>`
    with held as (
      select p.symbol, p.underlying_symbol
      from positions p
      join portfolios f on f.id = p.portfolio_id and f.deleted_at is null and f.is_active
      where p.deleted_at is null and p.entry_date <= ${today}
        and (${portfolioId}::uuid is null or p.portfolio_id = ${portfolioId}::uuid)
        and (p.investment_class = 'PUBLIC'
             or (p.investment_class = 'OPTIONS'
                 and (p.expiration_date is null or p.expiration_date >= ${today})))
        and (not exists (select from position_realized_events e where e.position_id = p.id)
             or position_open_quantity(p.id, ${today}) <> 0)
    )
    select n.symbol from (
      select symbol from held
      union
      select underlying_symbol from held where underlying_symbol is not null
    ) n
    where ${portfolioId}::uuid is not null
       or not exists (select from symbol_daily_metrics m where m.symbol = n.symbol)
    order by n.symbol collate "C"
  `.execute(db)
  return rows.map(({ symbol }) => symbol)
}
