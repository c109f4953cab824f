import { formatTable } from '@sigmasight/core/cli'
import type { Database } from '@sigmasight/core/database'

/** The newest complete snapshot of each portfolio as a table of whole dollars; percent are of NAV. */
export async function showPortfolios({ db }: Database): Promise<string> {
  const rows = await db
    .selectFrom('portfolios as f')
    .innerJoin('portfolio_snapshots as s', 's.portfolio_id', 'f.id')
    .select([
      'f.name',
      's.snapshot_date',
      's.net_asset_value',
      's.daily_pnl',
      's.daily_return',
      's.cumulative_pnl',
      's.gross_exposure',
      's.net_exposure',
      's.num_positions',
      's.positions_stale',
      's.positions_missing',
    ])
    .where('f.deleted_at', 'is', null)
    .where('s.is_complete', '=', true)
    .distinctOn('f.id')
    .orderBy('f.id')
    .orderBy('s.snapshot_date', 'desc')
    .execute()
  if (rows.length === 0) return 'No portfolio has a snapshot yet.\n'
  const table = rows
    .toSorted((a, b) => Number(a.net_asset_value) - Number(b.net_asset_value))
    .map((row) => {
      const nav = Number(row.net_asset_value)
      return {
        portfolio: row.name,
        session: row.snapshot_date,
        NAV: dollars(row.net_asset_value),
        'day P&L': dollars(row.daily_pnl),
        'day %': percent(row.daily_return, 2),
        'cumulative P&L': dollars(row.cumulative_pnl),
        gross: percent(nav > 0 ? Number(row.gross_exposure) / nav : null),
        net: percent(nav > 0 ? Number(row.net_exposure) / nav : null),
        positions: row.num_positions,
        stale: row.positions_stale,
        missing: row.positions_missing,
      }
    })
  return `\nPortfolios: dollars, gross and net exposure as a share of NAV\n\n${formatTable(table)}`
}

function dollars(amount: string | null): string | null {
  return amount === null ? null : Math.round(Number(amount)).toLocaleString('en-US')
}

function percent(share: number | null, digits = 0): string | null {
  return share === null ? null : `${(100 * share).toFixed(digits)}%`
}
