import { sql } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Transaction } from '../../database/index.ts'
import { parseCents, type RunningTotals } from '../../pnl/index.ts'

/** What a locked portfolio already has on and before a date. */
export interface LockedPortfolio {
  /** Whether a complete snapshot of the date exists. */
  readonly isComplete: boolean
  /** The totals of the latest complete snapshot before the date; null before the first. */
  readonly previous: RunningTotals | null
}

/**
 * Locks the rows of some portfolios, in one order for everybody, until the transaction ends, and reads
 * what a snapshot of the date builds on. A portfolio that is gone or no longer active is left out.
 */
export async function lockPortfolios(
  tx: Transaction,
  portfolioIds: readonly string[],
  date: SessionDate,
): Promise<ReadonlyMap<string, LockedPortfolio>> {
  await sql`
    select from portfolios where id = any(${portfolioIds}::uuid[]) order by id for update
  `.execute(tx.db)
  const { rows } = await sql<{
    id: string
    is_complete: boolean
    equity_balance: string | null
    cumulative_pnl: string | null
    cumulative_realized_pnl: string | null
    cumulative_dividends: string | null
    cumulative_capital_flow: string | null
  }>`
    select f.id, own.portfolio_id is not null as is_complete, last.equity_balance,
           last.cumulative_pnl, last.cumulative_realized_pnl, last.cumulative_dividends,
           last.cumulative_capital_flow
    from portfolios f
    left join portfolio_snapshots own
      on own.portfolio_id = f.id and own.snapshot_date = ${date} and own.is_complete
    left join lateral (
      select * from portfolio_snapshots
      where portfolio_id = f.id and snapshot_date < ${date} and is_complete
      order by snapshot_date desc limit 1
    ) last on true
    where f.id = any(${portfolioIds}::uuid[]) and f.is_active and f.deleted_at is null
  `.execute(tx.db)
  return new Map(
    rows.map((row) => {
      const previous: RunningTotals | null =
        row.equity_balance === null
          ? null
          : {
              equityBalance: parseCents(row.equity_balance),
              cumulativePnl: parseCents(row.cumulative_pnl ?? ''),
              cumulativeRealizedPnl: parseCents(row.cumulative_realized_pnl ?? ''),
              cumulativeDividends: parseCents(row.cumulative_dividends ?? ''),
              cumulativeCapitalFlow: parseCents(row.cumulative_capital_flow ?? ''),
            }
      return [row.id, { isComplete: row.is_complete, previous }]
    }),
  )
}
