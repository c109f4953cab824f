import type { StubAnswer, StubRoutes } from './stub-server.ts'

export const PORTFOLIO_ID = '7f3c1f5e-0d84-4c1e-9b57-2f3a6c1d9e10'

/** Sessions of a made-up year: weekdays, so that no calendar is needed. */
const SESSIONS = weekdays('2025-01-20', 252)
const LAST = SESSIONS.at(-1) ?? ''
const RETURNS = SESSIONS.map(
  (_, t) => 0.0006 + 0.008 * Math.sin(t * 1.7) + 0.004 * Math.sin(t / 23),
)
const EQUITY = RETURNS.reduce<number[]>((levels, change, t) => {
  const before = levels.at(-1) ?? 1_000_000
  return [...levels, t === 0 ? before : before * (1 + change)]
}, []).map((value) => Math.round(value * 100) / 100)
const NOW = EQUITY.at(-1) ?? 0

function weekdays(from: string, count: number): readonly string[] {
  const day = new Date(`${from}T00:00:00Z`)
  const days: string[] = []
  while (days.length < count) {
    if (![0, 6].includes(day.getUTCDay())) days.push(day.toISOString().slice(0, 10))
    day.setUTCDate(day.getUTCDate() + 1)
  }
  return days
}

const QUALITY = {
  coverage_pct: 97.4,
  stale_positions: 1,
  missing_positions: 1,
  private_allocation_pct: 4.2,
  quality_flag: 'limited',
}

/** An analytic of the last session; without data, why there is none. */
export function analytic(data: unknown, rest: object = {}): StubAnswer {
  const own = { portfolio_id: PORTFOLIO_ID, calculation_date: LAST, available: data !== null }
  return { body: { ...own, data, data_quality: QUALITY, ...rest } }
}

export const OVERVIEW = {
  equity_balance: NOW,
  net_asset_value: NOW,
  cash_value: 212_400.31,
  long_value: 1_118_204.12,
  short_value: -164_310.55,
  gross_exposure: 1_282_514.67,
  net_exposure: 953_893.57,
  leverage: 1.1,
  net_leverage: 0.82,
  daily_pnl: -4_318.27,
  daily_return: -0.003714,
  cumulative_pnl: 166_293.88,
  unrealized_pnl: 120_411.09,
  daily_realized_pnl: 0,
  cumulative_realized_pnl: 41_200.5,
  daily_dividends: 0,
  cumulative_dividends: 4_682.29,
  daily_capital_flow: 0,
  cumulative_capital_flow: 0,
  num_positions: 14,
  num_long_positions: 10,
  num_short_positions: 4,
  positions_stale: 1,
  positions_missing: 0,
  is_partial: false,
  portfolio_delta: 931_000.4,
  portfolio_gamma: 210.2,
  portfolio_theta: -31.8,
  portfolio_vega: 412.5,
  realized_volatility_21d: 0.121,
  realized_volatility_63d: 0.132,
  expected_volatility_21d: 0.128,
  volatility_trend: 'increasing',
  volatility_percentile: 0.61,
  beta_calculated_90d: 0.86,
  beta_calculated_90d_r_squared: 0.78,
  beta_calculated_90d_observations: 90,
  beta_provider_1y: 0.9,
  sector_exposure: {
    Technology: 0.342,
    Financials: 0.181,
    'Health Care': 0.134,
    ETF: 0.207,
    Options: 0.041,
    'Private holdings': 0.047,
    Unclassified: 0.011,
  },
  hhi: 1_043,
  effective_num_positions: 9.6,
  top_3_concentration: 0.412,
  top_10_concentration: 0.894,
  freshness: { sessions: 0, level: 'current', severity: 'ok' },
  unavailable: {},
}

const FACTORS: readonly (readonly [string, string, number, number, string | null])[] = [
  ['Market Beta (90D)', 'ols_market', 0.862, 0.041, null],
  ['Interest Rate', 'ols_rates', -0.214, 0.088, null],
  ['Value', 'ridge_styles', -0.118, 0.052, null],
  ['Growth', 'ridge_styles', 0.284, 0.061, null],
  ['Momentum', 'ridge_styles', 0.141, 0.049, null],
  ['Quality', 'ridge_styles', 0.052, 0.058, null],
  ['Size', 'ridge_styles', -0.081, 0.044, null],
  ['Low Volatility', 'ridge_styles', 0.027, 0.066, null],
  ['Growth-Value Spread', 'spread_regression', 0.612, 0.11, 'VUG'],
  ['Momentum Spread', 'spread_regression', 0.244, 0.102, 'MTUM'],
  ['Size Spread', 'spread_regression', -0.112, 0.094, 'SPY'],
  ['Quality Spread', 'spread_regression', -0.553, 0.121, 'SPY'],
  ['Provider Beta (1Y)', 'provider', 0.903, 0, null],
]

const factors = FACTORS.map(([name, method, beta, error, toward], index) => ({
  factor_id: `00000000-0000-4000-8000-0000000000${String(index + 10)}`,
  name,
  factor_type: 'style',
  calculation_method: method,
  beta,
  std_error: error === 0 ? null : error,
  exposure_dollar: Math.round(beta * NOW),
  coverage_pct: 97.4,
  r_squared: 0.41,
  r_squared_class: 'moderate',
  tilt: toward === null ? null : { strength: strengthOf(Math.abs(beta)), toward },
}))

function strengthOf(size: number): string {
  return size > 0.5 ? 'strong' : size > 0.2 ? 'moderate' : 'weak'
}

const SCENARIOS: readonly (readonly [string, string, number | null])[] = [
  ['Market -35%', 'extreme', -312_400],
  ['Liquidity Crisis', 'extreme', -204_180],
  ['VIX Spike', 'severe', -131_020],
  ['Market -10%', 'moderate', -88_300],
  ['Market -5%', 'base', -44_150],
  ['Value Rotation', 'moderate', -30_940],
  ['Rates +100bp', 'moderate', -28_310],
  ['Rates +50bp', 'base', -14_155],
  ['Small-Cap Rally', 'moderate', -8_620],
  ['Quality Flight', 'moderate', null],
  ['Rates -50bp', 'base', 14_155],
  ['Growth Rally', 'moderate', 41_070],
  ['Market +5%', 'base', 44_150],
  ['Market +10%', 'moderate', 88_300],
  ['Market +25%', 'severe', 220_750],
]

const scenarios = SCENARIOS.map(([name, severity, pnl], index) => ({
  scenario_id: `scenario_${index}`,
  name,
  description: null,
  category: 'market',
  severity,
  shocks: { Market: -0.1 },
  direct_pnl: pnl === null ? null : pnl * 0.93,
  correlated_pnl: pnl,
  correlation_effect: pnl === null ? null : pnl * 0.07,
  pnl_std_error: pnl === null ? null : Math.abs(pnl) * 0.08,
  direct_share: pnl === null ? null : (pnl * 0.93) / NOW,
  correlated_share: pnl === null ? null : pnl / NOW,
  factor_impacts: {},
  ...(pnl === null ? { reason: 'ill_conditioned' } : {}),
}))

const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'JPM', 'UNH', 'XOM', 'SPY', 'TLT', 'TSLA', 'GLD']
export const CORRELATIONS = {
  duration_days: 90,
  symbols: SYMBOLS,
  matrix: SYMBOLS.map((_, i) =>
    SYMBOLS.map((__, j) =>
      i === j ? 1 : Math.round(100 * Math.cos(i * 0.9 + j * 0.9 + 0.3)) / 110,
    ),
  ),
  overall_correlation: 0.34,
  effective_positions: 3.2,
  observations: 90,
  is_repaired: false,
  positions_included: SYMBOLS.length,
  positions_excluded: 1,
  excluded: [{ symbol: 'NEWCO', reason: 'insufficient_observations' }],
}

type Lot = readonly [string, string | null, string, number, number, number | null, string]
const LOTS: readonly Lot[] = [
  ['AAPL', 'Apple Inc.', 'LONG', 1_200, 158.0, 221.4, 'current'],
  ['MSFT', 'Microsoft Corporation', 'LONG', 480, 340.0, 468.35, 'current'],
  ['NVDA', 'NVIDIA Corporation', 'LONG', 900, 62.5, 184.22, 'current'],
  ['JPM', 'JPMorgan Chase & Co.', 'LONG', 520, 171.2, 262.9, 'current'],
  ['UNH', 'UnitedHealth Group Incorporated', 'LONG', 150, 512.0, 338.1, 'stale'],
  ['XOM', 'Exxon Mobil Corporation', 'LONG', 800, 104.1, 112.75, 'current'],
  ['SPY', 'SPDR S&P 500 ETF Trust', 'SHORT', -180, 480.5, 612.05, 'current'],
  ['TLT', 'iShares 20+ Year Treasury Bond ETF', 'LONG', 700, 96.4, 88.2, 'current'],
  ['TSLA', 'Tesla, Inc.', 'SHORT', -120, 250.0, 341.9, 'current'],
  ['GLD', 'SPDR Gold Shares', 'LONG', 210, 190.2, 305.6, 'current'],
  ['SPY280121C00500000', null, 'LC', 2, 31.2, 142.6, 'current'],
  ['LAKESIDE-APARTMENTS', null, 'LONG', 1, 900_000 / 20, 46_250, 'manual'],
]

export function positionsAnswer(more: readonly object[] = []): StubAnswer {
  const lots = LOTS.map(([symbol, company, type, quantity, entry, last, status], index) => {
    const multiplier = type === 'LC' ? 100 : 1
    const value = last === null ? null : Math.round(quantity * last * multiplier * 100) / 100
    return {
      ...LOT,
      id: `10000000-0000-4000-8000-0000000000${String(index + 10)}`,
      symbol,
      company_name: company,
      position_type: type,
      investment_class: type === 'LC' ? 'OPTIONS' : symbol.includes('-') ? 'PRIVATE' : 'PUBLIC',
      quantity,
      open_quantity: quantity,
      entry_price: entry,
      last_price: last,
      price_status: status,
      market_value: value,
      unrealized_pnl:
        value === null ? null : Math.round((value - quantity * entry * multiplier) * 100) / 100,
    }
  })
  return { body: { portfolio_id: PORTFOLIO_ID, positions: [...lots, ...more] } }
}

const LOT = {
  investment_subtype: null,
  entry_date: '2024-02-01',
  quantity_basis_date: '2025-01-20',
  underlying_symbol: null,
  strike_price: null,
  expiration_date: null,
  exit_price: null,
  exit_date: null,
  last_price_date: LAST,
  realized_pnl: null,
  notes: null,
  created_at: '2025-01-20T15:00:00.000Z',
  dataStatus: 'available',
  error: null,
}

/** A lot without a price: on its way, or given up. */
export function lotWithoutPrice(symbol: string, dataStatus: 'pending' | 'unavailable'): object {
  return {
    ...LOT,
    id: '20000000-0000-4000-8000-000000000001',
    symbol,
    company_name: null,
    position_type: 'LONG',
    investment_class: 'PUBLIC',
    quantity: 250,
    open_quantity: 250,
    entry_price: 12.5,
    last_price: null,
    last_price_date: null,
    price_status: dataStatus === 'pending' ? null : 'missing',
    market_value: null,
    unrealized_pnl: null,
    dataStatus,
    error: dataStatus === 'pending' ? null : 'unknown_symbol',
  }
}

export const PORTFOLIO = {
  id: PORTFOLIO_ID,
  name: 'Long/short growth',
  account_name: 'Main account',
  account_type: 'taxable',
  description: null,
  currency: 'USD',
  initial_equity: 1_000_000,
  equity_balance: NOW,
  equity_as_of: SESSIONS[0] ?? null,
  snapshot_date: LAST,
  net_asset_value: NOW,
  daily_pnl: -4_318.27,
  cumulative_pnl: 166_293.88,
  num_positions: 14,
  is_partial: false,
  recompute: { status: 'none', from: null, sessions: 0 },
  created_at: '2025-01-20T15:00:00.000Z',
  updated_at: '2025-01-20T15:00:00.000Z',
}

export function snapshotsAnswer(count: number): StubAnswer {
  const first = Math.max(0, SESSIONS.length - count)
  const snapshots = SESSIONS.slice(first).map((date, offset) => {
    const t = first + offset
    const [value, before] = [EQUITY[t] ?? 0, EQUITY[t - 1]]
    const gained = before === undefined ? 0 : Math.round((value - before) * 100) / 100
    return {
      ...SNAPSHOT,
      snapshot_date: date,
      equity_balance: value,
      net_asset_value: value,
      daily_pnl: gained,
      daily_return: before === undefined ? null : gained / before,
      daily_capital_flow: t === 150 ? 50_000 : 0,
    }
  })
  return { body: { portfolio_id: PORTFOLIO_ID, snapshots } }
}

const {
  leverage: _leverage,
  net_leverage: _net,
  freshness: _fresh,
  unavailable: _un,
  ...SNAPSHOT
} = { ...OVERVIEW, sector_exposure: null as unknown }

export const STATUS = {
  portfolio_id: PORTFOLIO_ID,
  mode: 'v2_instant',
  status: 'completed',
  started_at: '2026-01-09T21:00:00.000Z',
  elapsed_seconds: 0.2,
  overall_progress: {
    current_phase: null,
    phases_completed: 4,
    phases_total: 4,
    percent_complete: 100,
  },
  current_phase_progress: { current: 0, total: 0, unit: 'portfolios' },
  phases: [],
  activity_log: [],
  pending_symbols: [],
  failed_symbols: [],
}

const OF_PORTFOLIO = `/portfolios/${PORTFOLIO_ID}`
const ANALYTICS = `/analytics/portfolio/${PORTFOLIO_ID}`

export const USER = {
  id: '30000000-0000-4000-8000-000000000001',
  email: 'ann@example.com',
  full_name: 'Ann Example',
  is_admin: true,
}

/** A user with a portfolio of a year, everything computed. */
export const PORTFOLIO_ROUTES: StubRoutes = {
  'POST /auth/login': {
    body: { access_token: 'stub-token', token_type: 'bearer', expires_in: 3600 },
  },
  'GET /auth/me': { body: USER },
  'GET /portfolios': { body: { portfolios: [PORTFOLIO] } },
  [`GET ${OF_PORTFOLIO}`]: { body: PORTFOLIO },
  [`GET ${OF_PORTFOLIO}/positions`]: positionsAnswer(),
  [`GET ${OF_PORTFOLIO}/snapshots`]: snapshotsAnswer(252),
  [`GET /onboarding/status/${PORTFOLIO_ID}`]: { body: STATUS },
  [`GET ${ANALYTICS}/overview`]: analytic(OVERVIEW),
  [`GET ${ANALYTICS}/factor-exposures`]: analytic({ equity_balance: NOW, factors }),
  [`GET ${ANALYTICS}/stress-test`]: analytic({ equity_balance: NOW, scenarios }),
  [`GET ${ANALYTICS}/correlation-matrix`]: analytic(CORRELATIONS),
}
