/** The exact columns of a snapshot, decimal text. */
export const SNAPSHOT_MONEY = [
  'equity_balance',
  'net_asset_value',
  'cash_value',
  'long_value',
  'short_value',
  'gross_exposure',
  'net_exposure',
  'daily_pnl',
  'cumulative_pnl',
  'unrealized_pnl',
  'daily_realized_pnl',
  'cumulative_realized_pnl',
  'daily_dividends',
  'cumulative_dividends',
  'daily_capital_flow',
  'cumulative_capital_flow',
] as const
