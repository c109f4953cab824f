import { scenarioSchema, type Scenario } from './scenario.ts'

/** A row of `stress_test_scenarios` as an operator may have left it. */
export interface ScenarioRow {
  readonly scenarioId: string
  readonly name: string
  readonly description: string | null
  readonly category: string | null
  readonly severity: string
  readonly shocks: unknown
  readonly active: boolean
}

/** A row that says nothing that could be computed. */
export interface ScenarioFault {
  readonly scenarioId: string
  /** What is wrong with it, for the operator. */
  readonly problem: string
}

export interface ReadScenarios {
  readonly scenarios: readonly Scenario[]
  readonly faults: readonly ScenarioFault[]
}

/** Tells usable rows from others; one bad row costs no other scenario. */
export function readScenarios(rows: readonly ScenarioRow[]): ReadScenarios {
  const scenarios: Scenario[] = []
  const faults: ScenarioFault[] = []
  for (const row of rows) {
    const { success, data, error } = scenarioSchema.safeParse(row)
    if (success) scenarios.push(data)
    else {
      const problem = error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; ')
      faults.push({ scenarioId: row.scenarioId, problem })
    }
  }
  return { scenarios, faults }
}
