import { sql } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Transaction } from '../../database/index.ts'
import { EditRefused, notFound } from '../edit-refused.ts'

/** Takes a closing back; answers its date. Throws EditRefused when there is none, or it is an expiry. */
export async function deleteClosing(
  { db }: Transaction,
  { positionId, eventId }: { readonly positionId: string; readonly eventId: string },
): Promise<IsoDate> {
  const { rows } = await sql<{ trade_date: IsoDate; reason: string }>`
    select trade_date, reason from position_realized_events
    where id = ${eventId} and position_id = ${positionId}
  `.execute(db)
  const [row] = rows
  if (row === undefined) throw notFound('closing', 'CLOSING_NOT_FOUND')
  if (row.reason === 'expiry') {
    const message = 'An expiry follows from the contract and cannot be taken back.'
    throw new EditRefused('conflict', 'CLOSE_005', message)
  }
  await sql`delete from position_realized_events where id = ${eventId}`.execute(db)
  return row.trade_date
}
