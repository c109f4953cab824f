import { sql } from 'kysely'
import type { Transaction } from '../../database/index.ts'

/** Rolls the equity of portfolios back to their newest snapshot that is left, or to what was entered. */
export async function resetPortfolios(
  tx: Transaction,
  portfolioIds: readonly string[],
): Promise<void> {
  await sql`
    update portfolios f
    set equity_balance = coalesce(
          (select equity_balance from portfolio_snapshots
           where portfolio_id = f.id and is_complete order by snapshot_date desc limit 1),
          f.initial_equity),
        updated_at = now()
    where f.id = any(${portfolioIds}::uuid[])
  `.execute(tx.db)
}
