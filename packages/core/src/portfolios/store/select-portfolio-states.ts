import { sql, type Kysely } from 'kysely'
import { sessionsBetween } from '../../calendar/index.ts'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { SnapshotState } from '../../pnl/index.ts'

/** What planning a portfolio's snapshots needs to know of it. */
export interface PortfolioState {
  readonly id: string
  readonly name: string
  readonly equityAsOf: IsoDate | null
  /** The earliest entry of an undeleted lot; null without lots. */
  readonly earliestEntry: IsoDate | null
  readonly snapshots: SnapshotState | null
  /**
   * A lot held at the first snapshot was recognised at a later close and prices that reach back to the first
   * snapshot have been fetched since, or it had no close at all and has one now: everything from there on is
   * to be computed again.
   */
  readonly hasNewHistory: boolean
}

/**
 * Every active, undeleted portfolio, with or without lots, or those asked for; sorted by id. Only
 * complete snapshots count: a slot that a crash left behind is a hole.
 */
export async function selectPortfolioStates(
  db: Kysely<Tables>,
  portfolioIds: readonly string[] | null,
): Promise<readonly PortfolioState[]> {
  const isAsked = (id: string) =>
    sql`(${portfolioIds}::uuid[] is null or ${sql.ref(id)} = any(${portfolioIds}::uuid[]))`
  const { rows } = await sql<{
    id: string
    name: string
    equity_as_of: IsoDate | null
    earliest_entry: IsoDate | null
    first: SessionDate | null
    latest: SessionDate | null
    complete: number
    is_unsettled: boolean
  }>`
    select f.id, f.name, f.equity_as_of, lots.earliest_entry, s.first, s.latest,
           coalesce(s.complete, 0)::int as complete,
           exists (
             select from positions p
             where p.portfolio_id = f.id and ${isUnsettled}
           ) as is_unsettled
    from portfolios f
    left join (
      select portfolio_id, min(entry_date) as earliest_entry
      from positions
      where deleted_at is null and ${isAsked('portfolio_id')} group by portfolio_id
    ) lots on lots.portfolio_id = f.id
    left join (
      select portfolio_id, min(snapshot_date) as first, max(snapshot_date) as latest, count(*) as complete
      from portfolio_snapshots
      where is_complete and ${isAsked('portfolio_id')} group by portfolio_id
    ) s on s.portfolio_id = f.id
    where f.is_active and f.deleted_at is null and ${isAsked('f.id')}
    order by f.id
  `.execute(db)
  const gapped = rows.filter(
    ({ first, latest, complete }) =>
      first !== null && latest !== null && sessionsBetween(first, latest).length > complete,
  )
  const present = await selectCompleteDates(
    db,
    gapped.map(({ id }) => id),
  )
  const renewed = await selectWithNewHistory(
    db,
    rows.filter(({ is_unsettled }) => is_unsettled).map(({ id }) => id),
  )
  return rows.map(({ id, name, equity_as_of, earliest_entry, first, latest }) => {
    const dates = present.get(id)
    const holes =
      first === null || latest === null || dates === undefined
        ? []
        : sessionsBetween(first, latest).filter((session) => !dates.has(session))
    return {
      id,
      name,
      equityAsOf: equity_as_of,
      earliestEntry: earliest_entry,
      snapshots: first === null || latest === null ? null : { first, latest, holes },
      hasNewHistory: renewed.has(id),
    }
  })
}

async function selectCompleteDates(
  db: Kysely<Tables>,
  portfolioIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<IsoDate>>> {
  if (portfolioIds.length === 0) return new Map()
  const { rows } = await sql<{ portfolio_id: string; dates: IsoDate[] }>`
    select portfolio_id, array_agg(snapshot_date::text) as dates
    from portfolio_snapshots
    where is_complete and portfolio_id = any(${portfolioIds}::uuid[])
    group by portfolio_id
  `.execute(db)
  return new Map(rows.map((row) => [row.portfolio_id, new Set(row.dates)]))
}

/** On a lot `p` and the first snapshot `s`: recognised later than it was held, or not yet. */
const isUnsettled = sql`p.deleted_at is null and p.investment_class <> 'PRIVATE'
  and p.entry_date <= s.first
  and (p.recognition_date > s.first
    or (p.recognition_date is null and position_open_quantity(p.id, s.first) <> 0))`

/**
 * See `hasNewHistory`. Asked only of portfolios with such lots, most runs of none: to plan the search of all
 * years of prices takes longer than the rest of a small run's plan.
 */
async function selectWithNewHistory(
  db: Kysely<Tables>,
  portfolioIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (portfolioIds.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select s.portfolio_id as id
    from (
      select portfolio_id, min(snapshot_date) as first, max(snapshot_date) as latest
      from portfolio_snapshots
      where is_complete and portfolio_id = any(${portfolioIds}::uuid[]) group by portfolio_id
    ) s
    where exists (
      select from positions p
      where p.portfolio_id = s.portfolio_id and ${isUnsettled}
        and exists (
          select from market_data_cache m
          where m.symbol = p.symbol and m.close is not null
            and m.date <= case when p.recognition_date is null then s.latest else s.first end
        )
    )
  `.execute(db)
  return new Set(rows.map(({ id }) => id))
}
