/** What the API answers, as far as the pages read it. Names are the API's. */

export interface User {
  readonly id: string
  readonly email: string
  readonly full_name: string
  readonly is_admin: boolean
}

export interface Token {
  readonly access_token: string
}

export interface Portfolio {
  readonly id: string
  readonly name: string
  readonly account_name: string
  readonly account_type: string
  readonly initial_equity: number
  readonly snapshot_date: string | null
  readonly net_asset_value: number | null
  readonly daily_pnl: number | null
  readonly cumulative_pnl: number | null
  readonly num_positions: number | null
  readonly is_partial: boolean | null
  readonly recompute: {
    readonly status: 'none' | 'running'
    readonly from: string | null
    readonly sessions: number
  }
}

export interface Position {
  readonly id: string
  readonly symbol: string
  readonly company_name: string | null
  readonly position_type: 'LONG' | 'SHORT' | 'LC' | 'LP' | 'SC' | 'SP'
  readonly investment_class: 'PUBLIC' | 'OPTIONS' | 'PRIVATE'
  readonly open_quantity: number
  readonly entry_price: number
  readonly entry_date: string
  readonly last_price: number | null
  readonly last_price_date: string | null
  readonly price_status: 'current' | 'stale' | 'missing' | 'manual' | null
  readonly market_value: number | null
  readonly unrealized_pnl: number | null
  readonly dataStatus: 'available' | 'pending' | 'unavailable'
  readonly error: string | null
}

export interface Snapshot {
  readonly snapshot_date: string
  readonly equity_balance: number | null
  readonly daily_pnl: number | null
  readonly daily_return: number | null
  readonly daily_capital_flow: number | null
}

export interface Uploaded {
  readonly portfolio_id: string
  readonly portfolio_name: string
  readonly mode: 'v2_instant' | 'v1_batch'
  readonly status: 'ready' | 'partial' | 'processing'
  readonly message: string
}

export interface DryRun {
  readonly dry_run: true
  readonly total_positions: number
  readonly pending_symbols: readonly string[]
  readonly message: string
}

export interface OnboardingStatus {
  readonly portfolio_id: string
  readonly mode: 'v2_instant' | 'v1_batch'
  readonly status: 'not_started' | 'running' | 'completed' | 'partial' | 'failed'
  readonly started_at: string | null
  readonly elapsed_seconds: number
  readonly overall_progress: {
    readonly current_phase: string | null
    readonly phases_completed: number
    readonly phases_total: number
    readonly percent_complete: number
  }
  readonly current_phase_progress: {
    readonly current: number
    readonly total: number
    readonly unit: string
  }
  readonly phases: readonly {
    readonly name: string
    readonly status: 'pending' | 'running' | 'completed' | 'failed'
    readonly duration_ms: number | null
  }[]
  readonly activity_log: readonly LogLine[]
  readonly pending_symbols: readonly string[]
  readonly failed_symbols: readonly { readonly symbol: string; readonly reason: string }[]
}

export interface LogLine {
  readonly at: string
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
}

export interface Calculation {
  readonly status: 'started' | 'completed'
}

/** Every analytic. Without figures it says why. */
export interface Analytic<Data> {
  readonly portfolio_id: string
  readonly calculation_date: string | null
  readonly available: boolean
  readonly reason?: string
  readonly data: Data | null
  readonly data_quality: DataQuality
  /** Something that everybody should know of all figures. */
  readonly note?: string
}

export interface DataQuality {
  readonly coverage_pct: number | null
  readonly stale_positions: number
  readonly missing_positions: number
  readonly private_allocation_pct: number | null
  readonly quality_flag: 'full' | 'limited' | 'none'
}

export interface Overview {
  readonly net_asset_value: number
  readonly equity_balance: number
  readonly cash_value: number
  readonly long_value: number
  readonly short_value: number
  readonly gross_exposure: number
  readonly net_exposure: number
  readonly daily_pnl: number
  readonly daily_return: number | null
  readonly cumulative_pnl: number
  readonly unrealized_pnl: number
  readonly num_positions: number
  readonly positions_stale: number
  readonly positions_missing: number
  readonly realized_volatility_21d: number | null
  readonly expected_volatility_21d: number | null
  readonly volatility_trend: string | null
  readonly beta_calculated_90d: number | null
  readonly beta_calculated_90d_r_squared: number | null
  readonly effective_num_positions: number | null
  readonly top_3_concentration: number | null
  readonly sector_exposure: Readonly<Record<string, number | null>> | null
  readonly is_partial: boolean
  readonly leverage: number | null
  readonly net_leverage: number | null
  readonly freshness: Freshness
  /** Why figures are missing, by figure. */
  readonly unavailable: Readonly<Record<string, string>>
}

export interface Freshness {
  readonly sessions: number
  readonly level: string
  readonly severity: 'ok' | 'warning' | 'critical'
}

export interface FactorExposure {
  readonly factor_id: string
  readonly name: string
  readonly calculation_method: string
  readonly beta: number | null
  readonly std_error: number | null
  readonly exposure_dollar: number | null
  readonly r_squared_class: 'high' | 'moderate' | 'low' | null
  readonly tilt: {
    readonly strength: 'strong' | 'moderate' | 'weak'
    readonly toward: string | null
  } | null
}

export interface FactorExposures {
  readonly factors: readonly FactorExposure[]
}

export interface StressScenario {
  readonly scenario_id: string
  readonly name: string
  readonly description: string | null
  readonly severity: string
  readonly direct_pnl: number | null
  readonly correlated_pnl: number | null
  readonly pnl_std_error: number | null
  readonly correlated_share: number | null
  readonly reason?: string
}

export interface StressTest {
  readonly scenarios: readonly StressScenario[]
}

export interface CorrelationMatrix {
  readonly symbols: readonly string[]
  readonly matrix: readonly (readonly number[])[]
  readonly overall_correlation: number | null
  readonly effective_positions: number | null
  readonly observations: number | null
  readonly excluded: readonly { readonly symbol: string; readonly reason: string }[]
}
