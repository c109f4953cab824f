import { sql } from 'kysely'
import type { AnalyticReason } from '../../analytics/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  deleteUnstaged,
  holdRows,
  upsertFromStage,
  type CopyRow,
  type Transaction,
  type UpsertCounts,
} from '../../database/index.ts'
import { formatCents } from '../../pnl/index.ts'
import type { RoundedStress } from '../round-stress.ts'

const STAGE = 'stress_test_results_stage'

const COLUMNS = [
  { name: 'portfolio_id', type: 'uuid' },
  { name: 'scenario_id', type: 'text' },
  { name: 'calculation_date', type: 'date' },
  { name: 'direct_pnl', type: 'numeric(18,2)' },
  { name: 'correlated_pnl', type: 'numeric(18,2)' },
  { name: 'correlation_effect', type: 'numeric(18,2)' },
  { name: 'pnl_std_error', type: 'numeric(18,2)' },
  { name: 'factor_impacts', type: 'jsonb' },
  { name: 'reason', type: 'text' },
] as const

/** What a scenario does to a portfolio, or why that is not known. */
export interface ScenarioResult {
  readonly scenarioId: string
  readonly result: RoundedStress | AnalyticReason
}

export interface PortfolioResults {
  readonly portfolioId: string
  /** One per active scenario. */
  readonly results: readonly ScenarioResult[]
}

/**
 * Makes a date's stress results of some portfolios exactly what was computed: a row per scenario, with its
 * figures or the reason why there are none. Rows of scenarios that are not active any more go; a
 * repetition writes nothing.
 */
export async function saveStressResults(
  tx: Transaction,
  date: SessionDate,
  portfolios: readonly PortfolioResults[],
): Promise<UpsertCounts & { readonly deleted: number }> {
  const stage = await holdRows(tx, {
    name: STAGE,
    columns: COLUMNS,
    rows: resultRows(date, portfolios),
  })
  const counts = await upsertFromStage(tx, {
    table: 'stress_test_results',
    stage,
    columns: COLUMNS.map(({ name }) => name),
    key: ['portfolio_id', 'calculation_date', 'scenario_id'],
    onChange: { updated_at: sql`now()` },
  })
  const ids = portfolios.map(({ portfolioId }) => portfolioId)
  const deleted = await deleteUnstaged(tx, {
    table: 'stress_test_results',
    stage,
    key: ['portfolio_id', 'scenario_id'],
    scope: sql`t.calculation_date = ${date} and t.portfolio_id = any(${ids}::uuid[])`,
  })
  return { ...counts, deleted }
}

function* resultRows(
  date: SessionDate,
  portfolios: readonly PortfolioResults[],
): Iterable<CopyRow> {
  for (const { portfolioId, results } of portfolios) {
    for (const { scenarioId, result } of results) {
      const where = [portfolioId, scenarioId, date]
      if (typeof result === 'string') yield [...where, null, null, null, null, '{}', result]
      else yield [...where, ...figuresOf(result), null]
    }
  }
}

function figuresOf(result: RoundedStress): CopyRow {
  const { directPnl, correlatedPnl, correlationEffect, pnlStdError, factorImpacts } = result
  // Amounts are exact in jsonb as they are in columns.
  const impacts = factorImpacts.map(
    ([factor, share]) => `${JSON.stringify(factor)}:${formatCents(share)}`,
  )
  const money = [directPnl, correlatedPnl, correlationEffect, pnlStdError].map(formatCents)
  return [...money, `{${impacts.join(',')}}`]
}
