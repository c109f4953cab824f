import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'

export interface CorrelationRow {
  readonly date: SessionDate
  readonly duration_days: number
  readonly symbols: readonly Ticker[]
  /** Strict upper triangle, row by row. */
  readonly matrix: readonly number[]
  readonly overall_correlation: number | null
  readonly effective_positions: number | null
  readonly observations: number | null
  readonly is_repaired: boolean
  readonly excluded: readonly { readonly symbol: Ticker; readonly reason: string }[]
}

/** What is stored of a portfolio's correlations on some sessions. */
export async function selectCorrelations(
  db: Kysely<Tables>,
  portfolioId: string,
  dates: readonly SessionDate[],
): Promise<readonly CorrelationRow[]> {
  const { rows } = await sql<CorrelationRow>`
    select calculation_date as date, duration_days, symbols, matrix, overall_correlation,
           effective_positions, (data_quality -> 'observations')::int as observations,
           coalesce((data_quality -> 'is_repaired')::boolean, false) as is_repaired,
           coalesce(data_quality -> 'excluded', '[]') as excluded
    from correlation_calculations
    where portfolio_id = ${portfolioId} and calculation_date = any(${dates}::date[])
    order by duration_days
  `.execute(db)
  return rows
}
