import { sql } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  deleteUnstaged,
  holdRows,
  upsertFromStage,
  type Transaction,
  type WrittenRows,
} from '../../database/index.ts'
import type { AnalyticReason } from '../analytic-result.ts'

const STAGE = 'reasons_stage'

const COLUMNS = [
  { name: 'metric_date', type: 'date' },
  { name: 'metric_type', type: 'text' },
  { name: 'dimensions', type: 'jsonb' },
  { name: 'value', type: 'jsonb' },
] as const

/** What of a portfolio a phase could not compute: figure → why. Empty when it has everything. */
export interface PortfolioReasons {
  readonly portfolioId: string
  readonly reasons: Readonly<Record<string, AnalyticReason>>
}

/**
 * Remembers why figures of a date are missing, so that whoever reads a null can be told: in
 * `daily_metrics`, type `<phase>_unavailable`, a row for each portfolio that lacks something.
 */
export async function saveReasons(
  tx: Transaction,
  date: SessionDate,
  phase: string,
  portfolios: readonly PortfolioReasons[],
): Promise<WrittenRows> {
  const type = `${phase}_unavailable`
  const rows = portfolios
    .filter(({ reasons }) => Object.keys(reasons).length > 0)
    .map(({ portfolioId, reasons }) => [
      ...[date, type],
      ...[JSON.stringify({ portfolio_id: portfolioId }), JSON.stringify(reasons)],
    ])
  const stage = await holdRows(tx, { name: STAGE, columns: COLUMNS, rows })
  const counts = await upsertFromStage(tx, {
    table: 'daily_metrics',
    stage,
    columns: COLUMNS.map(({ name }) => name),
    key: ['metric_date', 'metric_type', 'dimensions'],
    onChange: { updated_at: sql`now()` },
  })
  const ids = portfolios.map(({ portfolioId }) => portfolioId)
  const deleted = await deleteUnstaged(tx, {
    table: 'daily_metrics',
    stage,
    key: ['dimensions'],
    scope: sql`t.metric_date = ${date} and t.metric_type = ${type} and t.dimensions in (
      select jsonb_build_object('portfolio_id', id) from unnest(${ids}::text[]) as id)`,
  })
  return { ...counts, deleted }
}
