import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** The symbols of open PUBLIC lots on a date, and the underlyings of open, unexpired options. */
export async function selectHeldSymbols(
  db: Kysely<Tables>,
  date: SessionDate,
): Promise<ReadonlySet<Ticker>> {
  const { rows } = await sql<{ symbol: Ticker }>`
    select distinct case p.investment_class when 'PUBLIC' then p.symbol else p.underlying_symbol end as symbol
    from active_positions(${date}) p
    join portfolios f on f.id = p.portfolio_id and f.deleted_at is null
    where p.investment_class = 'PUBLIC'
       or (p.investment_class = 'OPTIONS' and p.underlying_symbol is not null
           and (p.expiration_date is null or p.expiration_date >= ${date}))
  `.execute(db)
  return new Set(rows.map(({ symbol }) => symbol))
}
