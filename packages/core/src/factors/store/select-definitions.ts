import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { ConfigError } from '../../errors/index.ts'
import {
  CALCULATION_METHODS,
  type CalculationMethod,
  type FactorDefinition,
} from '../definition.ts'

/**
 * The active factor definitions in display order, as the operator's rows say.
 *
 * @throws ConfigError when a row names a calculation that does not exist
 */
export async function selectActiveDefinitions(
  db: Kysely<Tables>,
): Promise<readonly FactorDefinition[]> {
  const rows = await db
    .selectFrom('factor_definitions')
    .selectAll()
    .where('is_active', '=', true)
    .orderBy('display_order')
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    factorType: row.factor_type,
    calculationMethod: knownMethod(row.name, row.calculation_method),
    etfProxy: row.etf_proxy,
    shortProxy: row.short_proxy,
    windowDays: row.window_days,
    minObservations: row.min_observations,
    displayOrder: row.display_order,
    isActive: row.is_active,
  }))
}

function knownMethod(factor: string, method: string): CalculationMethod {
  const known = CALCULATION_METHODS.find((name) => name === method)
  if (known !== undefined) return known
  throw new ConfigError(
    `factor_definitions, ${factor}: there is no calculation_method ${method}; use ${CALCULATION_METHODS.join(', ')}`,
  )
}
