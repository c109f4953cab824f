import { sql } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  deleteUnstaged,
  holdRows,
  upsertFromStage,
  type CopyRow,
  type Transaction,
} from '../../database/index.ts'
import type { FactorResult } from '../factor-result.ts'

const STAGE = 'exposures_stage'

const COLUMNS = [
  { name: 'symbol', type: 'text collate "C"' },
  { name: 'factor_id', type: 'uuid' },
  { name: 'calculation_date', type: 'date' },
  { name: 'beta_value', type: 'double precision' },
  { name: 'std_error', type: 'double precision' },
  { name: 't_stat', type: 'double precision' },
  { name: 'r_squared', type: 'double precision' },
  { name: 'observations', type: 'integer' },
  { name: 'quality_flag', type: 'text' },
  { name: 'calculation_method', type: 'text' },
  { name: 'regularization_alpha', type: 'double precision' },
  { name: 'regression_window_days', type: 'integer' },
] as const

export interface ReplacedExposures {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

/**
 * Makes a date's rows of the computed symbols and factors exactly what the result says: new ones are
 * inserted, different ones updated, and those without a value any more deleted. Rows of other symbols
 * and of factors that are not active stay as they are.
 */
export async function replaceExposures(
  tx: Transaction,
  date: SessionDate,
  result: FactorResult,
): Promise<ReplacedExposures> {
  const stage = await holdRows(tx, {
    name: STAGE,
    columns: COLUMNS,
    rows: exposureRows(date, result),
  })
  const counts = await upsertFromStage(tx, {
    table: 'symbol_factor_exposures',
    stage,
    columns: COLUMNS.map(({ name }) => name),
    key: ['calculation_date', 'symbol', 'factor_id'],
    onChange: { updated_at: sql`now()` },
  })
  const factorIds = result.estimates.map(({ definition }) => definition.id)
  const deleted = await deleteUnstaged(tx, {
    table: 'symbol_factor_exposures',
    stage,
    key: ['symbol', 'factor_id'],
    scope: sql`t.calculation_date = ${date}
      and t.symbol = any(${result.symbols}::text[])
      and t.factor_id = any(${factorIds}::uuid[])`,
  })
  return { ...counts, deleted }
}

function* exposureRows(date: SessionDate, result: FactorResult): Iterable<CopyRow> {
  for (const estimates of result.estimates) {
    const { id, calculationMethod } = estimates.definition
    const method = [
      calculationMethod,
      estimates.regularizationAlpha,
      estimates.regressionWindowDays,
    ]
    for (const [i, symbol] of result.symbols.entries()) {
      const quality = estimates.quality[i] ?? null
      if (quality === null) continue
      yield [
        symbol,
        id,
        date,
        estimates.beta[i] ?? null,
        finiteOrNull(estimates.stdError[i]),
        finiteOrNull(estimates.tStat[i]),
        finiteOrNull(estimates.rSquared[i]),
        estimates.observations[i] ?? null,
        quality,
        ...method,
      ]
    }
  }
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
