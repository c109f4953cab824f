/** Why a portfolio or position has no figure. The list is closed. */
export const ANALYTIC_REASONS = [
  'no_active_positions',
  'no_public_positions',
  'insufficient_observations',
  'no_price_data',
  'no_factor_exposures',
  'no_greeks',
  'insufficient_marks',
  'stale_exposures',
  'ill_conditioned',
] as const
export type AnalyticReason = (typeof ANALYTIC_REASONS)[number]

export interface Unavailable {
  readonly success: false
  readonly reason: AnalyticReason
}

/** What an analytic answers: its figures, or why there are none. */
export type AnalyticResult<Metrics> =
  { readonly success: true; readonly metrics: Metrics } | Unavailable

export function available<Metrics>(metrics: Metrics): AnalyticResult<Metrics> {
  return { success: true, metrics }
}

export function unavailable(reason: AnalyticReason): Unavailable {
  return { success: false, reason }
}
