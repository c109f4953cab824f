import type { Transaction } from '../transaction.ts'
import type { CopyRow } from './copy-text.ts'
import { holdRows } from './hold-rows.ts'
import type { StageColumn } from './stage-rows.ts'
import { upsertFromStage, type UpsertCounts, type UpsertTarget } from './upsert-from-stage.ts'

export interface CopyUpsert extends UpsertTarget {
  /** What each value of a row is. */
  readonly columns: readonly StageColumn[]
}

/**
 * Inserts or updates rows in one go, thousands by COPY into a temporary table. A rerun
 * with the same rows writes nothing.
 *
 * @example
 * await copyUpsert(
 *   tx,
 *   {
 *     table: 'position_valuations',
 *     columns: [
 *       { name: 'position_id', type: 'uuid' },
 *       { name: 'valuation_date', type: 'date' },
 *       { name: 'market_value', type: 'numeric(18,2)' },
 *     ],
 *     key: ['position_id', 'valuation_date'],
 *     onChange: { updated_at: sql`now()` },
 *   },
 *   [[id, '2024-01-02', '1000.00']],
 * )
 */
export async function copyUpsert(
  tx: Transaction,
  target: CopyUpsert,
  rows: Iterable<CopyRow>,
): Promise<UpsertCounts> {
  const name = `stage_${target.table}`
  const stage = await holdRows(tx, { name, columns: target.columns, rows })
  return upsertFromStage(tx, { ...target, stage, columns: target.columns.map(({ name }) => name) })
}
