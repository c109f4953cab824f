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
import { formatCents, type Cents } from '../../pnl/index.ts'
import type { RoundedExplanation } from '../round-explanation.ts'

const STAGE = 'pnl_explain_stage'
const METRIC = 'pnl_explain'

const COLUMNS = [
  { name: 'metric_date', type: 'date' },
  { name: 'metric_type', type: 'text' },
  { name: 'dimensions', type: 'jsonb' },
  { name: 'value', type: 'jsonb' },
] as const

/** An explanation with what it is measured by. */
export interface StoredExplanation {
  readonly lines: RoundedExplanation
  /** Signed rest ÷ equity; null when equity is not positive. */
  readonly restShare: number | null
  /** At the previous snapshot, with the day's flow. */
  readonly equity: Cents
  /** Session of the model and of the holdings. */
  readonly modelDate: SessionDate
  /** 0 to 100: how much of the PUBLIC and OPTIONS lots held then the model knows. */
  readonly coveragePct: number | null
}

export interface ExplainedPortfolio {
  readonly portfolioId: string
  /** Null: there is none, and what was stored of the date goes. */
  readonly explanation: StoredExplanation | null
}

/**
 * Makes a date's P&L explanations of some portfolios exactly what was computed: rows of `daily_metrics` of
 * type `pnl_explain`, told apart by `{"portfolio_id"}`. A repetition writes nothing.
 */
export async function saveExplanations(
  tx: Transaction,
  date: SessionDate,
  portfolios: readonly ExplainedPortfolio[],
): Promise<UpsertCounts & { readonly deleted: number }> {
  const stage = await holdRows(tx, {
    name: STAGE,
    columns: COLUMNS,
    rows: explanationRows(date, portfolios),
  })
  const counts = await upsertFromStage(tx, {
    table: 'daily_metrics',
    stage,
    columns: COLUMNS.map(({ name }) => name),
    key: ['metric_date', 'metric_type', 'dimensions'],
    onChange: { updated_at: sql`now()` },
  })
  const dimensions = portfolios.map(({ portfolioId }) => dimensionsOf(portfolioId))
  const deleted = await deleteUnstaged(tx, {
    table: 'daily_metrics',
    stage,
    key: ['dimensions'],
    scope: sql`t.metric_date = ${date} and t.metric_type = ${METRIC}
      and t.dimensions = any(${dimensions}::jsonb[])`,
  })
  return { ...counts, deleted }
}

function* explanationRows(
  date: SessionDate,
  portfolios: readonly ExplainedPortfolio[],
): Iterable<CopyRow> {
  for (const { portfolioId, explanation } of portfolios) {
    if (explanation === null) continue
    yield [date, METRIC, dimensionsOf(portfolioId), valueOf(explanation)]
  }
}

function dimensionsOf(portfolioId: string): string {
  return JSON.stringify({ portfolio_id: portfolioId })
}

/** JSON by hand: amounts are exact decimals in jsonb, which a JavaScript number is not. */
function valueOf({ lines, restShare, equity, modelDate, coveragePct }: StoredExplanation): string {
  const factors = lines.factors.map(([factor, share]) => [factor, formatCents(share)] as const)
  const amounts = [
    ['daily_pnl', lines.dailyPnl],
    ['dividends', lines.dividends],
    ['ex_dividend_fall', lines.exDividendFall],
    ['trades', lines.trades],
    ['private_revaluations', lines.privateRevaluations],
    ['option_time_value', lines.optionTimeValue],
    ['rest', lines.rest],
    ['equity', equity],
  ] as const
  return objectOf([
    ['factors', objectOf(factors)],
    ...amounts.map(([name, amount]) => [name, formatCents(amount)] as const),
    ['rest_share', JSON.stringify(restShare)],
    ['coverage_pct', JSON.stringify(coveragePct)],
    ['model_date', JSON.stringify(modelDate)],
  ])
}

function objectOf(entries: readonly (readonly [name: string, json: string])[]): string {
  return `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}
