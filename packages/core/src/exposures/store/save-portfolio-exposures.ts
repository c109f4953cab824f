import { sql } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  deleteUnstaged,
  holdRows,
  upsertFromStage,
  type CopyRow,
  type Transaction,
  type WrittenRows,
} from '../../database/index.ts'
import { formatCents } from '../../pnl/index.ts'
import type { FactorExposure } from '../portfolio-exposures.ts'

const STAGE = 'factor_exposures_stage'

const COLUMNS = [
  { name: 'portfolio_id', type: 'uuid' },
  { name: 'factor_id', type: 'uuid' },
  { name: 'calculation_date', type: 'date' },
  { name: 'exposure_value', type: 'double precision' },
  { name: 'exposure_dollar', type: 'numeric(18,2)' },
  { name: 'std_error', type: 'double precision' },
  { name: 'coverage_pct', type: 'double precision' },
] as const

/** What some portfolios are exposed to on a date, as far as the active factors go. */
export interface ComputedExposures {
  readonly factorIds: readonly string[]
  /** A portfolio without rows loses those it has. */
  readonly portfolios: readonly {
    readonly portfolioId: string
    readonly rows: readonly FactorExposure[]
  }[]
}

/**
 * Makes a date's exposures of the given portfolios to the active factors exactly what was computed: new
 * ones are inserted, different ones updated, those without a value any more deleted. Rows of other
 * portfolios and of factors that are not active stay as they are; a repetition writes nothing.
 */
export async function savePortfolioExposures(
  tx: Transaction,
  date: SessionDate,
  { factorIds, portfolios }: ComputedExposures,
): Promise<WrittenRows> {
  const stage = await holdRows(tx, {
    name: STAGE,
    columns: COLUMNS,
    rows: exposureRows(date, portfolios),
  })
  const counts = await upsertFromStage(tx, {
    table: 'factor_exposures',
    stage,
    columns: COLUMNS.map(({ name }) => name),
    key: ['portfolio_id', 'calculation_date', 'factor_id'],
    onChange: { updated_at: sql`now()` },
  })
  const portfolioIds = portfolios.map(({ portfolioId }) => portfolioId)
  const deleted = await deleteUnstaged(tx, {
    table: 'factor_exposures',
    stage,
    key: ['portfolio_id', 'factor_id'],
    scope: sql`t.calculation_date = ${date}
      and t.portfolio_id = any(${portfolioIds}::uuid[])
      and t.factor_id = any(${factorIds}::uuid[])`,
  })
  return { ...counts, deleted }
}

function* exposureRows(
  date: SessionDate,
  portfolios: ComputedExposures['portfolios'],
): Iterable<CopyRow> {
  for (const { portfolioId, rows } of portfolios) {
    for (const { factorId, exposureValue, exposureDollar, stdError, coveragePct } of rows) {
      const dollars = formatCents(exposureDollar)
      yield [portfolioId, factorId, date, exposureValue, dollars, stdError, coveragePct]
    }
  }
}
