import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import { conditionalMoves, type Condition } from './conditional-moves.ts'
import { INTEREST_RATE, MARKET } from './joint-factors.ts'
import type { JointModel } from './joint-model.ts'
import type { Scenario } from './scenario.ts'

/** What a scenario does to the factors of a date's model, the same for every portfolio. */
export interface ScenarioMoves {
  /** Moves z of what is shocked, 0 elsewhere, in the order of the model. */
  readonly direct: Float64Array
  /** The same with the rest filled by its conditional expectation. */
  readonly correlated: Float64Array
  /**
   * Return of the rate proxy when rates are shocked and the market is not. It takes the place of a move of
   * the rate residual in what is direct, because it holds its share of the market's return.
   */
  readonly rateReturn: number | null
}

/**
 * Translates a scenario into moves. A shock to yields of Δy is a return −D·Δy of the rate proxy. With the
 * market shocked too, what remains for rates is that return less γ·s, the residual; alone, the model is
 * conditioned on γ·s + a = −D·Δy.
 *
 * Reasons: `no_factor_exposures` when the model lacks a factor that is shocked, `ill_conditioned` when
 * what is shocked is too nearly dependent.
 *
 * @param duration of the rate proxy in years (`TLT_EFFECTIVE_DURATION`)
 * @example +100 basis points at a duration of 16.5: the proxy returns −16.5 %
 */
export function scenarioMoves(
  { factors, covariance }: JointModel,
  { shocks }: Pick<Scenario, 'shocks'>,
  duration: number,
): AnalyticResult<ScenarioMoves> {
  const names = factors.map(({ name }) => name)
  if (Object.keys(shocks).some((name) => !names.includes(name))) {
    return unavailable('no_factor_exposures')
  }
  const direct = new Float64Array(factors.length)
  const conditions: Condition[] = []
  const marketShock = shocks[MARKET]
  let rateReturn: number | null = null
  for (const [k, { name, marketBeta }] of factors.entries()) {
    const shock = shocks[name]
    if (shock === undefined) continue
    const weights = new Float64Array(factors.length)
    weights[k] = 1
    if (name === INTEREST_RATE && marketShock === undefined) {
      rateReturn = -duration * shock
      weights[0] = marketBeta
      conditions.push({ weights, value: rateReturn })
      continue
    }
    const move =
      name === INTEREST_RATE ? -duration * shock - marketBeta * (marketShock ?? 0) : shock
    direct[k] = move
    conditions.push({ weights, value: move })
  }
  const correlated = conditionalMoves(covariance, conditions)
  if (correlated === null) return unavailable('ill_conditioned')
  // What is given is given to the last digit.
  for (const [k, move] of direct.entries()) if (move !== 0) correlated[k] = move
  return available({ direct, correlated, rateReturn })
}
