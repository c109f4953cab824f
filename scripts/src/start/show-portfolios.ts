import { formatTable } from '@sigmasight/core/cli'
import type { Database } from '@sigmasight/core/database'

/** The newest complete snapshot of each portfolio as tables: what it is worth, and how it may move. */
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
      's.realized_volatility_21d',
      's.expected_volatility_21d',
      's.volatility_trend',
      's.beta_calculated_90d',
      's.beta_calculated_90d_r_squared',
      's.portfolio_delta',
      's.portfolio_gamma',
      's.portfolio_theta',
      's.portfolio_vega',
      's.effective_num_positions',
    ])
    .where('f.deleted_at', 'is', null)
    .where('s.is_complete', '=', true)
    .distinctOn('f.id')
    .orderBy('f.id')
    .orderBy('s.snapshot_date', 'desc')
    .execute()
  if (rows.length === 0) return 'No portfolio has a snapshot yet.\n'
  const sorted = rows.toSorted((a, b) => Number(a.net_asset_value) - Number(b.net_asset_value))
  const worth = sorted.map((row) => {
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
  const risk = sorted.map((row) => ({
    portfolio: row.name,
    'vol 21d': percent(row.realized_volatility_21d, 1),
    expected: percent(row.expected_volatility_21d, 1),
    trend: row.volatility_trend,
    beta: row.beta_calculated_90d?.toFixed(2) ?? null,
    R2: row.beta_calculated_90d_r_squared?.toFixed(2) ?? null,
    delta: dollars(row.portfolio_delta),
    'gamma, 1%': dollars(row.portfolio_gamma),
    'theta, day': dollars(row.portfolio_theta),
    'vega, point': dollars(row.portfolio_vega),
    'like so many equal': row.effective_num_positions?.toFixed(1) ?? null,
  }))
  return [
    `\nPortfolios: dollars, gross and net exposure as a share of NAV\n\n${formatTable(worth)}`,
    `\nHow they move: volatility a year, beta on SPY over 90 sessions, Greeks in dollars\n\n${formatTable(risk)}`,
  ].join('')
}

function dollars(amount: string | number | null): string | null {
  return amount === null ? null : Math.round(Number(amount)).toLocaleString('en-US')
}

function percent(share: number | null, digits = 0): string | null {
  return share === null ? null : `${(100 * share).toFixed(digits)}%`
}
