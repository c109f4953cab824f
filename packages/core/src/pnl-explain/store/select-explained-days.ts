import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { parseCents, type Cents } from '../../pnl/index.ts'

/** The figures of a snapshot that are to be explained, and the snapshot before it. */
export interface ExplainedDay {
  readonly previousDate: SessionDate
  readonly dailyPnl: Cents
  readonly dividends: Cents
  /** At the previous snapshot, with the day's flow. */
  readonly equity: Cents
}

/** By portfolio id; a portfolio without a complete snapshot of the date or before it is absent. */
export async function selectExplainedDays(
  db: Kysely<Tables>,
  date: SessionDate,
  portfolioIds: readonly string[],
): Promise<ReadonlyMap<string, ExplainedDay>> {
  const { rows } = await sql<{
    portfolio_id: string
    previous_date: SessionDate
    daily_pnl: string
    dividends: string
    equity: string
  }>`
    select s.portfolio_id, previous.snapshot_date as previous_date, s.daily_pnl,
           coalesce(s.daily_dividends, 0) as dividends,
           previous.equity_balance + coalesce(s.daily_capital_flow, 0) as equity
    from portfolio_snapshots s
    cross join lateral (
      select snapshot_date, equity_balance from portfolio_snapshots
      where portfolio_id = s.portfolio_id and is_complete and snapshot_date < s.snapshot_date
      order by snapshot_date desc limit 1
    ) previous
    where s.snapshot_date = ${date} and s.is_complete
      and s.portfolio_id = any(${portfolioIds}::uuid[])
      and s.daily_pnl is not null and previous.equity_balance is not null
  `.execute(db)
  return new Map(
    rows.map((row) => [
      row.portfolio_id,
      {
        previousDate: row.previous_date,
        dailyPnl: parseCents(row.daily_pnl),
        dividends: parseCents(row.dividends),
        equity: parseCents(row.equity),
      },
    ]),
  )
}
