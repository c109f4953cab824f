import { sql, type Kysely } from 'kysely'
import { schemaState, type Tables } from '../../database/index.ts'

/** One thing that calculations need. */
export interface Prerequisite {
  readonly name: 'factor_definitions' | 'stress_scenarios' | 'schema'
  readonly is_met: boolean
  readonly required: string
  readonly found: string
}

const LEAST_FACTORS = 8
const LEAST_SCENARIOS = 18

/** Whether what a new installation is seeded with is there, and the schema that of this program. */
export async function selectPrerequisites(db: Kysely<Tables>): Promise<readonly Prerequisite[]> {
  const { rows } = await sql<{ factors: number; scenarios: number }>`
    select (select count(*) from factor_definitions where is_active) as factors,
           (select count(*) from stress_test_scenarios where active) as scenarios
  `.execute(db)
  const { factors, scenarios } = rows[0] ?? { factors: 0, scenarios: 0 }
  const schema = await schemaState(db)
  const names = schema.kind === 'current' ? '' : `: ${schema.names.join(', ')}`
  return [
    atLeast('factor_definitions', LEAST_FACTORS, factors),
    atLeast('stress_scenarios', LEAST_SCENARIOS, scenarios),
    {
      name: 'schema',
      is_met: schema.kind === 'current',
      required: 'current',
      found: `${schema.kind}${names}`,
    },
  ]
}

function atLeast(name: Prerequisite['name'], least: number, found: number): Prerequisite {
  return { name, is_met: found >= least, required: `at least ${least} active`, found: `${found}` }
}
