import { sql, type Kysely, type Selectable } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { parseCents, type RunningTotals } from '../../pnl/index.ts'
import type { CheckScope } from '../check-report.ts'

/** A complete snapshot as stored, with what its recomputation begins from. */
export interface StoredSnapshot {
  readonly portfolioId: string
  readonly portfolio: string
  readonly date: SessionDate
  readonly equityAsOf: IsoDate
  /** r0 of the portfolio. */
  readonly firstSnapshot: SessionDate
  /** Whether the lots' stored marks are of this snapshot. */
  readonly isNewest: boolean
  /** The latest complete snapshot before; null before the first. */
  readonly previous: RunningTotals | null
  readonly row: Selectable<Tables['portfolio_snapshots']>
}

type Row = Selectable<Tables['portfolio_snapshots']> & {
  name: string
  snapshot_date: SessionDate
  equity_as_of: IsoDate | null
  first_snapshot: SessionDate
  newest: SessionDate
  previous_equity: string | null
  previous_pnl: string | null
  previous_realized: string | null
  previous_dividends: string | null
  previous_flow: string | null
}

/** The complete snapshots of a date, or the newest of each portfolio when `date` is null; sorted by portfolio. */
export async function selectStoredSnapshots(
  db: Kysely<Tables>,
  { portfolioIds, date }: CheckScope & { readonly date: SessionDate | null },
): Promise<readonly StoredSnapshot[]> {
  const { rows } = await sql<Row>`
    select s.*, f.name, f.equity_as_of, span.first_snapshot, span.newest,
           previous.equity_balance as previous_equity, previous.cumulative_pnl as previous_pnl,
           previous.cumulative_realized_pnl as previous_realized,
           previous.cumulative_dividends as previous_dividends,
           previous.cumulative_capital_flow as previous_flow
    from portfolios f
    join (
      select portfolio_id, min(snapshot_date) as first_snapshot, max(snapshot_date) as newest
      from portfolio_snapshots where is_complete group by portfolio_id
    ) span on span.portfolio_id = f.id
    join portfolio_snapshots s on s.portfolio_id = f.id and s.is_complete
      and s.snapshot_date = coalesce(${date}::date, span.newest)
    left join lateral (
      select * from portfolio_snapshots p
      where p.portfolio_id = f.id and p.is_complete and p.snapshot_date < s.snapshot_date
      order by p.snapshot_date desc limit 1
    ) previous on true
    where f.deleted_at is null and (${portfolioIds}::uuid[] is null or f.id = any(${portfolioIds}::uuid[]))
    order by f.name, f.id
  `.execute(db)
  return rows.map((row) => ({
    portfolioId: row.portfolio_id,
    portfolio: row.name,
    date: row.snapshot_date,
    equityAsOf: row.equity_as_of ?? row.first_snapshot,
    firstSnapshot: row.first_snapshot,
    isNewest: row.snapshot_date === row.newest,
    previous: previousOf(row),
    row,
  }))
}

/** A previous snapshot with a null figure is a breach of its own; the recomputation takes it as none. */
function previousOf(row: Row): RunningTotals | null {
  const { previous_equity, previous_pnl, previous_realized, previous_dividends, previous_flow } =
    row
  if (
    previous_equity === null ||
    previous_pnl === null ||
    previous_realized === null ||
    previous_dividends === null ||
    previous_flow === null
  ) {
    return null
  }
  return {
    equityBalance: parseCents(previous_equity),
    cumulativePnl: parseCents(previous_pnl),
    cumulativeRealizedPnl: parseCents(previous_realized),
    cumulativeDividends: parseCents(previous_dividends),
    cumulativeCapitalFlow: parseCents(previous_flow),
  }
}
