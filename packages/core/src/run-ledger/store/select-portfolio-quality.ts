import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** How complete the newest snapshot of a portfolio is. */
export interface PortfolioQuality {
  readonly portfolio_id: string
  readonly name: string
  /** Null: it has no complete snapshot yet. */
  readonly newest_snapshot: IsoDate | null
  readonly equity_as_of: IsoDate | null
  readonly positions: number
  readonly stale: number
  readonly missing: number
  /** Share of positions with a mark, in percent; null without a snapshot or without positions. */
  readonly coverage_pct: number | null
}

/**
 * Every active portfolio, in the order of their names. After a good night all have their newest snapshot on one
 * and the same date, which is read as a whole; a look for each portfolio is for those that have none there.
 */
export async function selectPortfolioQuality(
  db: Kysely<Tables>,
): Promise<readonly PortfolioQuality[]> {
  const { rows } = await sql<PortfolioQuality>`
    with latest as materialized (
      select ${SNAPSHOT} from portfolio_snapshots
      where is_complete
        and snapshot_date = (select max(snapshot_date) from portfolio_snapshots where is_complete)
    ),
    newest as (
      select * from latest
      union all
      select s.* from portfolios f
      cross join lateral (
        select ${SNAPSHOT} from portfolio_snapshots
        where portfolio_id = f.id and is_complete order by snapshot_date desc limit 1
      ) s
      where not exists (select from latest l where l.portfolio_id = f.id)
    )
    select f.id as portfolio_id, f.name, s.snapshot_date as newest_snapshot, f.equity_as_of,
           coalesce(s.num_positions, 0) as positions, coalesce(s.positions_stale, 0) as stale,
           coalesce(s.positions_missing, 0) as missing,
           round(100.0 * (s.num_positions - s.positions_missing) / nullif(s.num_positions, 0), 1)::float8
             as coverage_pct
    from portfolios f
    left join newest s on s.portfolio_id = f.id
    where f.is_active and f.deleted_at is null
    order by f.name, f.id
  `.execute(db)
  return rows
}

const SNAPSHOT = sql`portfolio_id, snapshot_date, num_positions, positions_stale, positions_missing`
