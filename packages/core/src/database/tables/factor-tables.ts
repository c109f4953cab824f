import type { Generated } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { Created, DefaultJson, Id, MissableDecimal, Mutable } from './columns.ts'

export interface FactorDefinitionsTable extends Mutable {
  id: Id
  name: string
  factor_type: 'market' | 'style' | 'macro'
  calculation_method: string
  etf_proxy: Ticker | null
  short_proxy: Ticker | null
  window_days: number
  min_observations: number
  display_order: number
  is_active: Generated<boolean>
}

export type QualityFlag = 'full_history' | 'limited_history' | 'capped'

/** Partitioned by year. */
export interface SymbolFactorExposuresTable extends Mutable {
  id: Id
  symbol: Ticker
  factor_id: string
  calculation_date: IsoDate
  beta_value: number
  std_error: number | null
  t_stat: number | null
  r_squared: number | null
  observations: number | null
  quality_flag: QualityFlag
  calculation_method: string
  regularization_alpha: number | null
  regression_window_days: number | null
}

/** The newest figures of each symbol. */
export interface SymbolDailyMetricsTable extends Mutable {
  symbol: Ticker
  metrics_date: IsoDate
  current_price: MissableDecimal
  return_1d: number | null
  return_mtd: number | null
  return_ytd: number | null
  return_1m: number | null
  return_3m: number | null
  return_1y: number | null
  market_cap: MissableDecimal
  enterprise_value: MissableDecimal
  pe_ratio: number | null
  ps_ratio: number | null
  pb_ratio: number | null
  sector: string | null
  industry: string | null
  company_name: string | null
  factor_momentum: number | null
  factor_value: number | null
  factor_growth: number | null
  factor_size: number | null
  factor_quality: number | null
  factor_low_volatility: number | null
  factor_growth_value_spread: number | null
  factor_momentum_spread: number | null
  factor_size_spread: number | null
  factor_quality_spread: number | null
  /** Factors that an operator defined: name → beta. */
  extra_factors: DefaultJson
  volatility_21d: number | null
  market_beta: number | null
  data_quality_score: number | null
}

export interface FactorExposuresTable extends Mutable {
  id: Id
  portfolio_id: string
  factor_id: string
  calculation_date: IsoDate
  /** The portfolio's beta; missing when equity is not positive. */
  exposure_value: number | null
  exposure_dollar: MissableDecimal
  std_error: number | null
  coverage_pct: number | null
}

/** View: what each open lot inherits from its symbol. */
export interface PositionFactorExposuresView extends Created {
  id: string
  position_id: string
  factor_id: string
  calculation_date: IsoDate
  exposure_value: number
  quality_flag: QualityFlag
}

/** View: the OLS market fit of each open lot's symbol. */
export interface PositionMarketBetasView extends Created {
  id: string
  position_id: string
  calculation_date: IsoDate
  beta: number
  alpha: number | null
  std_error: number | null
  r_squared: number | null
  observations: number | null
  window_days: number | null
}
