import type { AnalyticReason, AnalyticResult } from '../analytics/index.ts'
import {
  factorNames,
  readScenarios,
  scenarioMoves,
  type ScenarioMoves,
  type ScenarioRow,
} from '../stress/index.ts'
import type { PortfolioContext } from './portfolio-context.ts'
import type { RiskModel } from './risk-model.ts'

/** What a scenario does to the factors on a date, or why it is skipped for everybody. */
export interface PlannedScenario {
  readonly scenarioId: string
  readonly moves: AnalyticResult<ScenarioMoves>
}

export interface ScenarioPlan {
  readonly scenarios: readonly PlannedScenario[]
  /** Scenario → why nobody has figures of it. */
  readonly skipped: Readonly<Record<string, AnalyticReason>>
  /** Ids of rows that are no scenario. */
  readonly unusable: readonly string[]
  /** Rows that an operator should look at, in words that name the scenario. */
  readonly alerts: readonly string[]
}

/**
 * Turns the rows of the active scenarios into moves of a date's factors. What is skipped is logged with its
 * reason; a row that is no scenario, or shocks what no definition names, is an alert besides.
 */
export function planScenarios(
  { definitions, settings, log, date }: PortfolioContext,
  rows: readonly ScenarioRow[],
  model: AnalyticResult<RiskModel>,
): ScenarioPlan {
  const known = factorNames(definitions)
  const { scenarios, faults } = readScenarios(rows)
  const alerts = faults.map(
    ({ scenarioId, problem }) => `stress scenario ${scenarioId} is not usable: ${problem}`,
  )
  const planned = scenarios.map((scenario): PlannedScenario => {
    const { scenarioId, shocks } = scenario
    const unknown = Object.keys(shocks).filter((name) => !known.includes(name))
    if (unknown.length > 0) {
      alerts.push(
        `stress scenario ${scenarioId} shocks ${unknown.join(', ')}; there are ${known.join(', ')}`,
      )
    }
    const moves = model.success
      ? scenarioMoves(model.metrics.joint, scenario, settings.tltEffectiveDuration)
      : model
    return { scenarioId, moves }
  })
  const skipped = planned.flatMap(({ scenarioId, moves }): readonly [string, AnalyticReason][] =>
    moves.success ? [] : [[scenarioId, moves.reason]],
  )
  const problems = faults.map(({ scenarioId, problem }): [string, string] => [scenarioId, problem])
  if (skipped.length + problems.length > 0) {
    const scenarios = Object.fromEntries([...skipped, ...problems])
    log.warn({ scenarios, batch_date: date }, 'scenarios_skipped')
  }
  const unusable = faults.map(({ scenarioId }) => scenarioId)
  return { scenarios: planned, skipped: Object.fromEntries(skipped), unusable, alerts }
}
