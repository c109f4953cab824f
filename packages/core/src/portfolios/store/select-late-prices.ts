import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

export interface LatePricesQuery {
  /** Only bars of these sessions are looked at, both included. */
  readonly from: SessionDate
  readonly to: SessionDate
}

/**
 * For each portfolio with complete snapshots that rest on a bar which arrived or was restated since they
 * were computed: the date of the earliest such bar. They rest on the bars of what is held, of the underlyings
 * of options, and of the factor proxies.
 *
 * Sessions whose bars are all older than every snapshot from there on are left out first, so that on an
 * ordinary night no position is looked at.
 */
export async function selectLatePrices(
  db: Kysely<Tables>,
  { from, to }: LatePricesQuery,
): Promise<ReadonlyMap<string, SessionDate>> {
  const { rows } = await sql<{ portfolio_id: string; date: SessionDate }>`
    with computed as (
      select portfolio_id, snapshot_date, updated_at from portfolio_snapshots
      where is_complete and snapshot_date between ${from} and ${to}
    ),
    oldest as (
      select d.snapshot_date as date, min(c.updated_at) as updated_at
      from (select distinct snapshot_date from computed) d
      join computed c on c.snapshot_date >= d.snapshot_date
      group by d.snapshot_date
    ),
    late as materialized (
      select m.symbol, m.date, coalesce(m.restated_at, m.fetched_at) as changed_at
      from oldest o
      join market_data_cache m
        on m.date = o.date and coalesce(m.restated_at, m.fetched_at) > o.updated_at
      where m.date between ${from} and ${to}
    )
    select portfolio_id, min(date)::date as date from (
      select p.portfolio_id, l.date
      from positions p
      cross join lateral (values (p.symbol), (p.underlying_symbol)) followed (symbol)
      join late l on l.symbol = followed.symbol
        and p.investment_class <> 'PRIVATE'
        and p.deleted_at is null and (p.exit_date is null or p.exit_date >= l.date)
      join computed c on c.portfolio_id = p.portfolio_id
        and c.snapshot_date >= l.date and c.snapshot_date >= p.entry_date
        and c.updated_at < l.changed_at
      union all
      select c.portfolio_id, l.date
      from late l
      join computed c on c.snapshot_date >= l.date and c.updated_at < l.changed_at
      where exists (
        select from factor_definitions f
        where f.is_active and l.symbol in (f.etf_proxy, f.short_proxy)
      )
    ) concerned
    group by portfolio_id
  `.execute(db)
  return new Map(rows.map(({ portfolio_id, date }) => [portfolio_id, date]))
}
