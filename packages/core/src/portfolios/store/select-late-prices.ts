import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/**
 * For each portfolio with complete snapshots that rest on a bar which arrived or was restated since they
 * were computed: the date of the earliest such bar. Only bars of `from`..`to` are looked at.
 *
 * Sessions whose bars are all older than every snapshot from there on are left out first, so that on an
 * ordinary night no position is looked at.
 */
export async function selectLatePrices(
  db: Kysely<Tables>,
  range: { readonly from: SessionDate; readonly to: SessionDate },
): Promise<ReadonlyMap<string, SessionDate>> {
  const { rows } = await sql<{ portfolio_id: string; date: SessionDate }>`
    with computed as (
      select portfolio_id, snapshot_date, updated_at from portfolio_snapshots
      where is_complete and snapshot_date between ${range.from} and ${range.to}
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
      where m.date between ${range.from} and ${range.to}
    )
    select p.portfolio_id, min(l.date)::date as date
    from late l
    join positions p on p.symbol = l.symbol and p.investment_class <> 'PRIVATE'
      and p.deleted_at is null and (p.exit_date is null or p.exit_date >= l.date)
    join computed c on c.portfolio_id = p.portfolio_id
      and c.snapshot_date >= l.date and c.snapshot_date >= p.entry_date
      and c.updated_at < l.changed_at
    group by p.portfolio_id
  `.execute(db)
  return new Map(rows.map(({ portfolio_id, date }) => [portfolio_id, date]))
}
