import { sql } from 'kysely'
import type { Transaction } from '../../database/index.ts'
import type { DerivedScope } from '../derived-rows.ts'

/**
 * Takes back what snapshots that are gone have written on lots.
 *
 * - Recognition that was found in the scope, and all of it where no snapshot is left.
 * - Marks, unless a later snapshot is left, whose marks they are. A PRIVATE lot gets back the value that
 *   it was entered with; a lot that no snapshot ever marked stays as it was entered.
 */
export async function resetLots(
  tx: Transaction,
  { start, end, ownerIds }: Pick<DerivedScope, 'start' | 'end' | 'ownerIds'>,
): Promise<void> {
  await sql`
    update positions p
    set recognition_date = null, recognition_price = null, updated_at = now()
    where p.portfolio_id = any(${ownerIds}::uuid[]) and p.recognition_date is not null
      and (p.recognition_date between ${start}::date and ${end}::date
        or not exists (
          select from portfolio_snapshots s where s.portfolio_id = p.portfolio_id and s.is_complete))
  `.execute(tx.db)
  await sql`
    update positions p
    set last_price = null, last_price_date = null, price_status = null,
        market_value = p.entered_market_value, entered_market_value = null,
        unrealized_pnl = null, realized_pnl = null, updated_at = now()
    where p.portfolio_id = any(${ownerIds}::uuid[]) and p.price_status is not null
      and not exists (
        select from portfolio_snapshots s
        where s.portfolio_id = p.portfolio_id and s.is_complete and s.snapshot_date > ${end}::date)
  `.execute(tx.db)
}
