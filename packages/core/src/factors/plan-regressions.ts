import type { FactorDefinition } from './definition.ts'

/** Penalty of the joint style regression, on standardised coefficients. */
const RIDGE_ALPHA = 1

/** One regression and the factors it estimates, a regressor each. */
export interface PlannedRegression {
  readonly factors: readonly FactorDefinition[]
  readonly windowDays: number
  /** 0 is least squares. */
  readonly alpha: number
}

/**
 * The regressions that the active definitions ask for: one of its own for each OLS factor, and one
 * joint ridge regression for all ridge factors of the same window. Provider factors need none.
 */
export function planRegressions(
  definitions: readonly FactorDefinition[],
): readonly PlannedRegression[] {
  const regressed = activeRegressions(definitions)
  const isJoint = ({ calculationMethod }: FactorDefinition) =>
    calculationMethod === 'ridge_regression'
  const joint = Map.groupBy(regressed.filter(isJoint), ({ windowDays }) => windowDays)
  return [
    ...regressed
      .filter((factor) => !isJoint(factor))
      .map((factor) => ({ factors: [factor], windowDays: factor.windowDays, alpha: 0 })),
    ...[...joint].map(([windowDays, factors]) => ({ factors, windowDays, alpha: RIDGE_ALPHA })),
  ]
}

/** The most sessions that any active regression looks back; 0 without one. */
export function longestWindow(definitions: readonly FactorDefinition[]): number {
  return Math.max(0, ...activeRegressions(definitions).map(({ windowDays }) => windowDays))
}

function activeRegressions(definitions: readonly FactorDefinition[]): readonly FactorDefinition[] {
  return definitions.filter(
    ({ isActive, calculationMethod }) => isActive && calculationMethod !== 'provider',
  )
}
