import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { CalculationMethod, FactorDefinition } from '../definition.ts'

/** The active factor definitions in display order, as the operator's rows say. */
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
    // The table's check constraint allows these methods only.
    calculationMethod: row.calculation_method as CalculationMethod,
    etfProxy: row.etf_proxy,
    shortProxy: row.short_proxy,
    windowDays: row.window_days,
    minObservations: row.min_observations,
    displayOrder: row.display_order,
    isActive: row.is_active,
  }))
}
