import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import { returnHistory, windowOf, type ReturnHistory } from '../portfolio-returns/index.ts'
import type { ReturnPanel } from '../returns/index.ts'
import { ewmaCovariance, type Covariance } from './ewma-covariance.ts'
import { fitLine } from './fit-line.ts'
import type { FactorProxy, JointFactors } from './joint-factors.ts'

/** Sessions of the regressions. */
const REGRESSION_SESSIONS = 90
const MIN_REGRESSION_RETURNS = 30
/** Sessions of the covariance. */
const COVARIANCE_SESSIONS = 252
const MIN_COVARIANCE_RETURNS = 60

/** A factor that is in the model. */
export interface ModelFactor extends FactorProxy {
  /** γ, slope of the proxy's returns on the market's; 1 for the market itself. */
  readonly marketBeta: number
  /**
   * Its moves z over the regression window, NaN where there is none: the market's return s, for all others
   * the residual r − α − γ·s.
   */
  readonly moves: Float64Array
}

/** How factors move together on a date, the same for every portfolio. */
export interface JointModel {
  /** Market, styles, interest rates. */
  readonly factors: readonly ModelFactor[]
  /** Of the factors' daily moves z, in their order. */
  readonly covariance: Covariance
  /** Factors that are not in the model: their proxy has too few returns or follows the market exactly. */
  readonly missing: readonly string[]
}

/**
 * Builds the joint model of a date: the market's return s, and what each other proxy returns beyond it,
 * r − α − γ·s with α and γ from the last 90 sessions; and the exponentially weighted covariance of all of
 * them over the last 252.
 *
 * Missing data: a factor whose proxy shares fewer than 30 of the 90 or 60 of the 252 sessions with the
 * market is left out and listed. `no_price_data` without returns of the market; `insufficient_observations`
 * when it has fewer than that itself or fewer than 60 sessions have returns of all factors.
 *
 * @param sessionIndex column of the date in the panel
 */
export function jointModel(
  returns: ReturnPanel,
  sessionIndex: number,
  { market, others }: JointFactors,
): AnalyticResult<JointModel> {
  const history = returnHistory(returns, sessionIndex, COVARIANCE_SESSIONS)
  const marketReturns = windowOf(history, market.proxy)
  if (marketReturns === null || countOf(marketReturns) === 0) return unavailable('no_price_data')
  const long: LongFactor[] = [{ ...market, marketBeta: 1, moves: marketReturns }]
  const missing: string[] = []
  for (const factor of others) {
    const found = residualFactor(history, marketReturns, factor)
    if (found === null) missing.push(factor.name)
    else long.push(found)
  }
  const covariance = ewmaCovariance(long.map(({ moves }) => moves))
  const recent = countOf(marketReturns.subarray(-REGRESSION_SESSIONS))
  if (covariance.observations < MIN_COVARIANCE_RETURNS || recent < MIN_REGRESSION_RETURNS) {
    return unavailable('insufficient_observations')
  }
  const factors = long.map((factor) => ({
    ...factor,
    moves: factor.moves.subarray(-REGRESSION_SESSIONS),
  }))
  return available({ factors, covariance, missing })
}

/** A factor with its moves over the window of the covariance. */
type LongFactor = ModelFactor

function residualFactor(
  history: ReturnHistory,
  market: Float64Array,
  factor: FactorProxy,
): LongFactor | null {
  const window = windowOf(history, factor.proxy)
  if (window === null) return null
  const line = fitLine(
    market.subarray(-REGRESSION_SESSIONS),
    window.subarray(-REGRESSION_SESSIONS),
    MIN_REGRESSION_RETURNS,
  )
  // A proxy without a residual of its own says nothing beyond the market.
  if (line === null || !(line.rSquared < 1)) return null
  const moves = window.map(
    (value, t) => value - line.intercept - line.slope * (market[t] as number),
  )
  if (countOf(moves) < MIN_COVARIANCE_RETURNS) return null
  return { ...factor, marketBeta: line.slope, moves }
}

function countOf(values: Float64Array): number {
  return values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
}
