import { sql, type Kysely } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** A portfolio as its owner sees it. Amounts are decimal text. */
export interface PortfolioSummary {
  readonly id: string
  readonly name: string
  readonly account_name: string
  readonly account_type: string
  readonly description: string | null
  readonly currency: string
  readonly initial_equity: string
  readonly equity_balance: string
  readonly equity_as_of: IsoDate | null
  readonly created_at: Date
  readonly updated_at: Date
  /** Of the latest complete snapshot; null before the first. */
  readonly snapshot_date: SessionDate | null
  readonly net_asset_value: string | null
  readonly daily_pnl: string | null
  readonly cumulative_pnl: string | null
  readonly num_positions: number | null
  readonly is_partial: boolean | null
  /** Snapshots that an edit put out of date and that are being computed again, and the first of them. */
  readonly outdated_sessions: number
  readonly outdated_from: SessionDate | null
}

/** A user's undeleted portfolios by name, or the one of them that is asked for. */
export async function selectPortfolios(
  db: Kysely<Tables>,
  userId: string,
  portfolioId: string | null,
): Promise<readonly PortfolioSummary[]> {
  const { rows } = await sql<PortfolioSummary>`
    select f.id, f.name, f.account_name, f.account_type, f.description, f.currency,
           f.initial_equity, f.equity_balance, f.equity_as_of, f.created_at, f.updated_at,
           s.snapshot_date, s.net_asset_value, s.daily_pnl, s.cumulative_pnl, s.num_positions,
           s.is_partial, coalesce(o.sessions, 0)::int as outdated_sessions,
           o.first::date as outdated_from
    from portfolios f
    left join lateral (
      select snapshot_date, net_asset_value, daily_pnl, cumulative_pnl, num_positions, is_partial
      from portfolio_snapshots where portfolio_id = f.id and is_complete
      order by snapshot_date desc limit 1
    ) s on true
    left join lateral (
      select count(*) as sessions, min(snapshot_date) as first
      from portfolio_snapshots where portfolio_id = f.id and not is_complete
    ) o on true
    where f.user_id = ${userId} and f.deleted_at is null
      and (${portfolioId}::uuid is null or f.id = ${portfolioId})
    order by f.name, f.id
  `.execute(db)
  return rows
}
