import { sql, type QueryExecutorProvider } from 'kysely'
import { SCENARIOS } from '../../stress/scenarios.ts'

/**
 * Inserts the stress scenarios into an empty table. A table with any row is left alone: what an operator
 * edited or deleted stays so.
 */
export async function seedStressScenarios(db: QueryExecutorProvider): Promise<void> {
  const rows = SCENARIOS.map(
    ({ scenarioId, name, description, category, severity, shocks, active }) =>
      sql`(${scenarioId}, ${name}, ${description}, ${category}, ${severity},
           ${JSON.stringify(shocks)}::jsonb, ${active}::boolean)`,
  )
  await sql`
    insert into stress_test_scenarios (
      scenario_id, name, description, category, severity, shock_config, active
    )
    select * from (values ${sql.join(rows)}) as seed
    where not exists (select from stress_test_scenarios)
  `.execute(db)
}
