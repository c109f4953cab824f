import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** What closed part of a lot. */
export interface ClosingRow {
  readonly id: string
  readonly trade_date: IsoDate
  readonly quantity_closed: string
  readonly exit_price: string
  readonly realized_pnl: string | null
  readonly reason: 'trade' | 'expiry' | 'assignment'
}

/** The closings of a lot, oldest first. */
export async function selectClosings(
  db: Kysely<Tables>,
  positionId: string,
): Promise<readonly ClosingRow[]> {
  const { rows } = await sql<ClosingRow>`
    select id, trade_date, quantity_closed, exit_price, realized_pnl, reason
    from position_realized_events where position_id = ${positionId}
    order by trade_date, created_at, id
  `.execute(db)
  return rows
}
