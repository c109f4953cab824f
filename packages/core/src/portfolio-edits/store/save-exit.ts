import { sql } from 'kysely'
import type { Transaction } from '../../database/index.ts'

/** Sets exit price and date of a lot to those of its last closing when nothing of it is open, else to none. */
export async function saveExit({ db }: Transaction, positionId: string): Promise<void> {
  await sql`
    update positions p
    set exit_price = case when last.is_closed then last.exit_price end,
        exit_date = case when last.is_closed then last.trade_date end,
        updated_at = now()
    from (select ${positionId}::uuid as id) own
    left join lateral (
      select e.exit_price, e.trade_date,
             position_open_quantity(own.id, e.trade_date) = 0 as is_closed
      from position_realized_events e
      where e.position_id = own.id order by e.trade_date desc, e.id limit 1
    ) last on true
    where p.id = own.id
  `.execute(db)
}
