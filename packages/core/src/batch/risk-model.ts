import { unavailable, available, type AnalyticResult } from '../analytics/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { FactorDefinition } from '../factors/index.ts'
import {
  jointFactors,
  jointModel,
  symbolSensitivities,
  type JointModel,
  type SymbolSensitivities,
} from '../stress/index.ts'
import type { RiskMarket } from './portfolio-risk.ts'

/** How factors move on a date and symbols with them, the same for every portfolio. */
export interface RiskModel {
  readonly joint: JointModel
  readonly sensitivities: SymbolSensitivities
}

/** Reasons: those of `jointModel`; `no_factor_exposures` when no active definition names the market. */
export function riskModel(
  market: RiskMarket,
  date: SessionDate,
  definitions: readonly FactorDefinition[],
): AnalyticResult<RiskModel> {
  const factors = jointFactors(definitions)
  if (factors === null) return unavailable('no_factor_exposures')
  const { returns } = market
  const column = market.columnOf(date)
  const joint = jointModel(returns, column, factors)
  if (!joint.success) return joint
  const sensitivities = symbolSensitivities(returns, column, joint.metrics)
  return available({ joint: joint.metrics, sensitivities })
}
