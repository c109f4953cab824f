import type { Generated } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type {
  Created,
  DefaultJson,
  Id,
  JsonDocument,
  MissableDecimal,
  MissableJson,
  Mutable,
} from './columns.ts'

export type VolatilityTrend = 'increasing' | 'decreasing' | 'stable'

export interface PortfolioSnapshotsTable extends Mutable {
  id: Id
  portfolio_id: string
  snapshot_date: IsoDate
  equity_balance: MissableDecimal
  net_asset_value: MissableDecimal
  cash_value: MissableDecimal
  long_value: MissableDecimal
  /** Never above zero. */
  short_value: MissableDecimal
  gross_exposure: MissableDecimal
  net_exposure: MissableDecimal
  daily_pnl: MissableDecimal
  daily_return: number | null
  cumulative_pnl: MissableDecimal
  unrealized_pnl: MissableDecimal
  daily_realized_pnl: MissableDecimal
  cumulative_realized_pnl: MissableDecimal
  daily_dividends: MissableDecimal
  cumulative_dividends: MissableDecimal
  daily_capital_flow: MissableDecimal
  cumulative_capital_flow: MissableDecimal
  num_positions: Generated<number>
  num_long_positions: Generated<number>
  num_short_positions: Generated<number>
  positions_stale: Generated<number>
  positions_missing: Generated<number>
  portfolio_delta: number | null
  portfolio_gamma: number | null
  portfolio_theta: number | null
  portfolio_vega: number | null
  realized_volatility_21d: number | null
  realized_volatility_63d: number | null
  expected_volatility_21d: number | null
  volatility_trend: VolatilityTrend | null
  volatility_percentile: number | null
  beta_calculated_90d: number | null
  beta_calculated_90d_r_squared: number | null
  beta_calculated_90d_observations: number | null
  beta_provider_1y: number | null
  sector_exposure: MissableJson
  hhi: number | null
  effective_num_positions: number | null
  top_3_concentration: number | null
  top_10_concentration: number | null
  /** False while the row only holds its slot; readers see complete snapshots only. */
  is_complete: Generated<boolean>
  /** A mark is missing. */
  is_partial: Generated<boolean>
}

export interface PositionVolatilityTable extends Mutable {
  id: Id
  position_id: string
  calculation_date: IsoDate
  realized_vol_21d: number | null
  realized_vol_63d: number | null
  expected_vol_21d: number | null
  vol_trend: VolatilityTrend | null
  vol_percentile: number | null
  observations: number | null
}

export interface PositionGreeksTable extends Mutable {
  id: Id
  position_id: string
  calculation_date: IsoDate
  implied_volatility: number | null
  delta: number | null
  gamma: number | null
  theta: number | null
  vega: number | null
  rho: number | null
  /** Δ · quantity · 100 · price of the underlying. */
  delta_dollars: number | null
  gamma_dollars: number | null
  model: string | null
}

export interface StressTestScenariosTable extends Mutable {
  id: Id
  scenario_id: string
  name: string
  description: string | null
  category: string | null
  severity: 'base' | 'mild' | 'moderate' | 'severe' | 'extreme'
  shock_config: JsonDocument
  active: Generated<boolean>
}

export interface StressTestResultsTable extends Mutable {
  id: Id
  portfolio_id: string
  scenario_id: string
  calculation_date: IsoDate
  direct_pnl: MissableDecimal
  correlated_pnl: MissableDecimal
  correlation_effect: MissableDecimal
  pnl_std_error: MissableDecimal
  factor_impacts: DefaultJson
  /** Why there is no figure. */
  reason: string | null
}

export interface CorrelationCalculationsTable extends Mutable {
  id: Id
  portfolio_id: string
  calculation_date: IsoDate
  duration_days: number
  /** In ascending order. */
  symbols: Ticker[]
  /** Strict upper triangle, row by row. */
  matrix: number[]
  overall_correlation: number | null
  effective_positions: number | null
  positions_included: Generated<number>
  positions_excluded: Generated<number>
  data_quality: DefaultJson
}

/** View: the matrices of `correlation_calculations`, one row a pair. */
export interface PairwiseCorrelationsView extends Created {
  portfolio_id: string
  calculation_date: IsoDate
  duration_days: number
  symbol_1: Ticker
  symbol_2: Ticker
  correlation_value: number
}
