import { sql } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  deleteUnstaged,
  holdRows,
  upsertFromStage,
  type CopyRow,
  type Transaction,
  type UpsertCounts,
} from '../../database/index.ts'
import type { PortfolioCorrelation } from '../portfolio-correlation.ts'
import { SESSIONS } from '../return-columns.ts'

const STAGE = 'correlation_calculations_stage'

const COLUMNS = [
  { name: 'portfolio_id', type: 'uuid' },
  { name: 'calculation_date', type: 'date' },
  { name: 'duration_days', type: 'integer' },
  { name: 'symbols', type: 'text[] collate "C"' },
  { name: 'matrix', type: 'real[]' },
  { name: 'overall_correlation', type: 'double precision' },
  { name: 'effective_positions', type: 'double precision' },
  { name: 'positions_included', type: 'integer' },
  { name: 'positions_excluded', type: 'integer' },
  { name: 'data_quality', type: 'jsonb' },
] as const

export interface CorrelatedPortfolio {
  readonly portfolioId: string
  /** Null: there are none, and what was stored of the date goes. */
  readonly correlation: PortfolioCorrelation | null
}

/**
 * Makes a date's correlations of some portfolios exactly what was computed, a row per portfolio with its
 * matrix as an array. A repetition writes nothing.
 */
export async function saveCorrelations(
  tx: Transaction,
  date: SessionDate,
  portfolios: readonly CorrelatedPortfolio[],
): Promise<UpsertCounts & { readonly deleted: number }> {
  const stage = await holdRows(tx, {
    name: STAGE,
    columns: COLUMNS,
    rows: correlationRows(date, portfolios),
  })
  const counts = await upsertFromStage(tx, {
    table: 'correlation_calculations',
    stage,
    columns: COLUMNS.map(({ name }) => name),
    key: ['portfolio_id', 'calculation_date', 'duration_days'],
    onChange: { updated_at: sql`now()` },
  })
  const ids = portfolios.map(({ portfolioId }) => portfolioId)
  const deleted = await deleteUnstaged(tx, {
    table: 'correlation_calculations',
    stage,
    key: ['portfolio_id', 'duration_days'],
    scope: sql`t.calculation_date = ${date} and t.duration_days = ${SESSIONS}
      and t.portfolio_id = any(${ids}::uuid[])`,
  })
  return { ...counts, deleted }
}

function* correlationRows(
  date: SessionDate,
  portfolios: readonly CorrelatedPortfolio[],
): Iterable<CopyRow> {
  for (const { portfolioId, correlation } of portfolios) {
    if (correlation === null) continue
    const { symbols, matrix, overallCorrelation, effectivePositions, excluded } = correlation
    const { observations, isRepaired } = correlation
    yield [
      portfolioId,
      date,
      SESSIONS,
      `{${symbols.map(quoted).join(',')}}`,
      `{${matrix.join(',')}}`,
      overallCorrelation,
      effectivePositions,
      symbols.length,
      excluded.length,
      JSON.stringify({ observations, is_repaired: isRepaired, excluded }),
    ]
  }
}

/** An element of an array in PostgreSQL's text form. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`
}
