import type { Collinearity } from '../regression/index.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { FactorDefinition } from './definition.ts'

/** `capped` says that the stored beta is the bound, and wins over what history says. */
export type EstimateQuality = 'full_history' | 'limited_history' | 'capped'

/** One factor of many symbols. Entry i of every list belongs to symbol i of the result. */
export interface FactorEstimates {
  readonly definition: FactorDefinition
  /** NaN = no row for this symbol. Within ±5. */
  readonly beta: Float64Array
  /** Of the uncapped fit; NaN = none. */
  readonly stdError: Float64Array
  /** Of the uncapped fit; NaN = none. */
  readonly tStat: Float64Array
  /** Of the uncapped fit, common to all factors of a joint regression; NaN = none. */
  readonly rSquared: Float64Array
  readonly observations: Int32Array
  /** Null exactly where beta is NaN. */
  readonly quality: readonly (EstimateQuality | null)[]
  /** Ridge penalty; null for other methods. */
  readonly regularizationAlpha: number | null
  /** Null for a provider's beta. */
  readonly regressionWindowDays: number | null
}

export type SkipReason =
  | 'insufficient_data'
  | 'proxy_missing'
  | 'constant_proxy'
  | 'collinear_proxies'
  | 'no_provider_beta'

/** How many symbols have no value of a factor, for one reason and number of usable returns. */
export interface SkippedEstimates {
  readonly factor: string
  readonly reason: SkipReason
  readonly observations: number
  readonly symbols: number
}

/** A proxy with too few returns in the window of a factor; null when the definition names none. */
export interface MissingProxy {
  readonly factor: string
  readonly proxy: Ticker | null
  readonly observations: number
}

/** How independent the proxies of a joint regression are on the date. */
export interface JointDiagnostics extends Collinearity {
  readonly windowDays: number
  /** In the order of `varianceInflation`. */
  readonly proxies: readonly Ticker[]
  /** Sessions on which all proxies have a return. */
  readonly observations: number
}

/** Everything that the factor calculation of one date gives. */
export interface FactorResult {
  readonly symbols: readonly Ticker[]
  /** One per active definition, in their order. */
  readonly estimates: readonly FactorEstimates[]
  readonly skipped: readonly SkippedEstimates[]
  readonly missingProxies: readonly MissingProxy[]
  readonly diagnostics: readonly JointDiagnostics[]
}
