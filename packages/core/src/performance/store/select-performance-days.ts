import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { PerformanceDay } from '../performance-day.ts'

/** The complete snapshots of a portfolio through a date, oldest first. */
export async function selectPerformanceDays(
  db: Kysely<Tables>,
  portfolioId: string,
  through: SessionDate,
): Promise<readonly PerformanceDay[]> {
  const { rows } = await sql<PerformanceDay>`
    select snapshot_date as date, equity_balance::float8 as equity, daily_return as "dailyReturn",
           daily_capital_flow::float8 as "capitalFlow"
    from portfolio_snapshots
    where portfolio_id = ${portfolioId} and snapshot_date <= ${through} and is_complete
    order by snapshot_date
  `.execute(db)
  return rows
}
