import type { Transaction } from '../../database/index.ts'
import { formatCents, formatMicros } from '../../pnl/index.ts'
import type { JudgedClosing } from '../judge-closing.ts'

/** Records what closed part of a lot; answers the event's id. */
export async function insertClosing(
  { db }: Transaction,
  { portfolioId, positionId }: { readonly portfolioId: string; readonly positionId: string },
  { event, realizedPnl }: JudgedClosing,
): Promise<{ readonly eventId: string; readonly realizedPnl: string }> {
  const { id } = await db
    .insertInto('position_realized_events')
    .values({
      portfolio_id: portfolioId,
      position_id: positionId,
      trade_date: event.tradeDate,
      quantity_closed: formatMicros(event.quantityClosed),
      exit_price: formatMicros(event.exitPrice),
      realized_pnl: formatCents(realizedPnl),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { eventId: id, realizedPnl: formatCents(realizedPnl) }
}
