import { sql, type RawBuilder } from 'kysely'
import type { Tables } from '../tables/tables.ts'
import type { Transaction } from '../transaction.ts'
import type { HeldRows } from './hold-rows.ts'

/** The high-volume tables, partitioned by year, and by which date. */
const PARTITION_COLUMNS: Partial<Record<keyof Tables, string>> = {
  market_data_cache: 'date',
  symbol_factor_exposures: 'calculation_date',
}

/** Whether a table is partitioned. */
export function isPartitioned(table: keyof Tables): boolean {
  return PARTITION_COLUMNS[table] !== undefined
}

/**
 * A condition on rows `t` of a partitioned table that holds for every key in the stage: its dates
 * lie between the first and the last staged one. The planner leaves out partitions only by dates it
 * is told, not by those it would find in the stage.
 */
export async function stagedRange(
  tx: Transaction,
  table: keyof Tables,
  stage: HeldRows,
): Promise<RawBuilder<unknown>> {
  const column = PARTITION_COLUMNS[table]
  if (column === undefined) return sql`true`
  const { rows } = await sql<{ first: string | null; last: string | null }>`
    select min(${sql.ref(column)})::text as first, max(${sql.ref(column)})::text as last
    from ${stage.from([column])}
  `.execute(tx.db)
  const { first, last } = rows[0] ?? { first: null, last: null }
  return sql`${sql.ref(`t.${column}`)} between ${first}::date and ${last}::date`
}
