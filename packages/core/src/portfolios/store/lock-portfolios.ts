import { sql, type RawBuilder } from 'kysely'
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
  const { rows } = await sql<StoredTotals>`
    select f.id, s.snapshot_date, s.equity_balance, s.cumulative_pnl, s.cumulative_realized_pnl,
           s.cumulative_dividends, s.cumulative_capital_flow
    from portfolios f
    left join lateral (${newestTwo(date)}) s on true
    where f.id = any(${portfolioIds}::uuid[]) and f.is_active and f.deleted_at is null
    order by f.id, s.snapshot_date desc
  `.execute(tx.db)
  const locked = new Map<string, LockedPortfolio>()
  for (const row of rows) {
    const { isComplete = false, previous = null } = locked.get(row.id) ?? {}
    if (row.snapshot_date === date) locked.set(row.id, { isComplete: true, previous })
    else locked.set(row.id, { isComplete, previous: previous ?? totalsOf(row) })
  }
  return locked
}

interface StoredTotals {
  readonly id: string
  /** The snapshot's; null in the row of a portfolio without any, as are its totals. */
  readonly snapshot_date: SessionDate | null
  readonly equity_balance: string | null
  readonly cumulative_pnl: string | null
  readonly cumulative_realized_pnl: string | null
  readonly cumulative_dividends: string | null
  readonly cumulative_capital_flow: string | null
}

/**
 * A portfolio's complete snapshot of the date and the one before, by its own index alone. Asked for the date
 * by itself, a planner whose statistics are older than tonight's rows expects none of that date, and reads
 * those of all portfolios for each.
 */
function newestTwo(date: SessionDate): RawBuilder<unknown> {
  return sql`
    select * from portfolio_snapshots
    where portfolio_id = f.id and snapshot_date <= ${date} and is_complete
    order by snapshot_date desc limit 2`
}

function totalsOf(row: StoredTotals): RunningTotals | null {
  if (row.equity_balance === null) return null
  return {
    equityBalance: parseCents(row.equity_balance),
    cumulativePnl: parseCents(row.cumulative_pnl ?? ''),
    cumulativeRealizedPnl: parseCents(row.cumulative_realized_pnl ?? ''),
    cumulativeDividends: parseCents(row.cumulative_dividends ?? ''),
    cumulativeCapitalFlow: parseCents(row.cumulative_capital_flow ?? ''),
  }
}
