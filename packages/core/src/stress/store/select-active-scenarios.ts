import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { ScenarioRow } from '../read-scenarios.ts'

/** The active scenarios as they stand in the table, in the order of their ids. */
export async function selectActiveScenarios(db: Kysely<Tables>): Promise<readonly ScenarioRow[]> {
  const { rows } = await sql<ScenarioRow>`
    select scenario_id as "scenarioId", name, description, category, severity,
           shock_config as shocks, active
    from stress_test_scenarios
    where active
    order by scenario_id
  `.execute(db)
  return rows
}
