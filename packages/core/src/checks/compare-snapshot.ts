import { formatCents, type SnapshotFigures } from '../pnl/index.ts'
import type { Breach } from './check-report.ts'
import type { StoredSnapshot } from './store/select-stored-snapshots.ts'

const MONEY = [
  ['equity_balance', 'equityBalance'],
  ['net_asset_value', 'netAssetValue'],
  ['cash_value', 'cashValue'],
  ['long_value', 'longValue'],
  ['short_value', 'shortValue'],
  ['gross_exposure', 'grossExposure'],
  ['net_exposure', 'netExposure'],
  ['daily_pnl', 'dailyPnl'],
  ['cumulative_pnl', 'cumulativePnl'],
  ['unrealized_pnl', 'unrealizedPnl'],
  ['daily_realized_pnl', 'dailyRealizedPnl'],
  ['cumulative_realized_pnl', 'cumulativeRealizedPnl'],
  ['daily_dividends', 'dailyDividends'],
  ['cumulative_dividends', 'cumulativeDividends'],
  ['daily_capital_flow', 'dailyCapitalFlow'],
  ['cumulative_capital_flow', 'cumulativeCapitalFlow'],
] as const

const COUNTS = [
  ['num_positions', 'numPositions'],
  ['num_long_positions', 'numLongPositions'],
  ['num_short_positions', 'numShortPositions'],
  ['positions_stale', 'positionsStale'],
  ['positions_missing', 'positionsMissing'],
] as const

type Difference = readonly [what: string, expected: string | null, actual: string | null]

/** The columns of a stored snapshot that are not what the calculator makes of the facts: money to the cent. */
export function compareSnapshot(
  stored: StoredSnapshot,
  figures: SnapshotFigures,
): readonly Breach[] {
  const { portfolioId, portfolio, date, row } = stored
  const differences: Difference[] = []
  for (const [column, figure] of MONEY) {
    differences.push([column, formatCents(figures[figure]), row[column]])
  }
  for (const [column, figure] of COUNTS) {
    differences.push([column, String(figures[figure]), String(row[column])])
  }
  differences.push(['is_partial', String(figures.isPartial), String(row.is_partial)])
  // Stored as double precision, which keeps every bit of it.
  differences.push(['daily_return', textOf(figures.dailyReturn), textOf(row.daily_return)])
  return differences
    .filter(([, expected, actual]) => expected !== actual)
    .map(([what, expected, actual]) => ({ portfolioId, portfolio, date, what, expected, actual }))
}

function textOf(value: number | null): string | null {
  return value === null ? null : String(value)
}
