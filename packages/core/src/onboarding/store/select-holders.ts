import { sql, type Kysely } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'

/** A portfolio that a symbol is in. */
export interface Holder {
  readonly portfolioId: string
  /** The first date on which a snapshot may show the symbol. */
  readonly since: IsoDate
}

/**
 * The portfolios whose snapshots up to a session have a lot of the symbol in them, or an option on it: what
 * became known of the symbol changes them. Also those whose first snapshot may be under way.
 */
export async function selectHolders(
  db: Kysely<Tables>,
  symbol: Ticker,
  to: SessionDate,
): Promise<readonly Holder[]> {
  const { rows } = await sql<Holder>`
    select p.portfolio_id as "portfolioId",
           greatest(min(p.entry_date), coalesce(s.first, f.equity_as_of))::text as since
    from positions p
    join portfolios f on f.id = p.portfolio_id and f.deleted_at is null and f.is_active
    cross join lateral (
      select min(snapshot_date) as first, max(snapshot_date) as latest
      from portfolio_snapshots where portfolio_id = p.portfolio_id and is_complete
    ) s
    where (p.symbol = ${symbol} or p.underlying_symbol = ${symbol})
      and p.deleted_at is null and p.investment_class <> 'PRIVATE' and p.entry_date <= ${to}
      and coalesce(s.first, f.equity_as_of) <= ${to}
      and (s.latest is null or s.latest >= p.entry_date)
    group by p.portfolio_id, s.first, f.equity_as_of
    order by p.portfolio_id
  `.execute(db)
  return rows
}
