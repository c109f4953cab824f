import { sql } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import { stageRows, type Transaction } from '../../database/index.ts'
import { formatCents, formatMicros, type Cents, type RealizedEvent } from '../../pnl/index.ts'

/** An option lot that expired, with the event that closes it. */
export interface Expiry {
  readonly portfolioId: string
  readonly lotId: string
  readonly event: RealizedEvent
  readonly realizedPnl: Cents
}

const STAGE = 'expiries_stage'

/**
 * Closes expired option lots: one realized event of reason `expiry` each, in place of an earlier one that
 * says otherwise, and exit price and date on the lot.
 */
export async function saveExpiries(tx: Transaction, expiries: readonly Expiry[]): Promise<void> {
  if (expiries.length === 0) return
  await stageRows(tx, {
    name: STAGE,
    columns: [
      { name: 'portfolio_id', type: 'uuid' },
      { name: 'position_id', type: 'uuid' },
      { name: 'trade_date', type: 'date' },
      { name: 'quantity_closed', type: 'numeric(20,6)' },
      { name: 'exit_price', type: 'numeric(18,6)' },
      { name: 'realized_pnl', type: 'numeric(18,2)' },
    ],
    rows: expiries.map(({ portfolioId, lotId, event, realizedPnl }) => [
      portfolioId,
      lotId,
      event.tradeDate,
      formatMicros(event.quantityClosed),
      formatMicros(event.exitPrice),
      formatCents(realizedPnl),
    ]),
  })
  await sql`
    delete from position_realized_events e
    using ${sql.table(STAGE)} s
    where e.position_id = s.position_id and e.reason = 'expiry'
      and (e.trade_date, e.quantity_closed, e.exit_price)
          is distinct from (s.trade_date, s.quantity_closed, s.exit_price)
  `.execute(tx.db)
  await sql`
    insert into position_realized_events
      (portfolio_id, position_id, trade_date, quantity_closed, exit_price, realized_pnl, reason)
    select portfolio_id, position_id, trade_date, quantity_closed, exit_price, realized_pnl, 'expiry'
    from ${sql.table(STAGE)} s
    where not exists (
      select from position_realized_events e
      where e.position_id = s.position_id and e.reason = 'expiry'
    )
  `.execute(tx.db)
  await sql`
    update positions p
    set exit_price = s.exit_price, exit_date = s.trade_date, updated_at = now()
    from ${sql.table(STAGE)} s
    where p.id = s.position_id
      and (p.exit_price, p.exit_date) is distinct from (s.exit_price, s.trade_date)
  `.execute(tx.db)
}

/** Takes back the expiry of lots that a trade turned out to have closed before. */
export async function deleteExpiries(tx: Transaction, lotIds: readonly string[]): Promise<void> {
  if (lotIds.length === 0) return
  await sql`
    delete from position_realized_events
    where reason = 'expiry' and position_id = any(${lotIds}::uuid[])
  `.execute(tx.db)
  await sql`
    update positions p
    set exit_price = last.exit_price, exit_date = last.trade_date, updated_at = now()
    from unnest(${lotIds}::uuid[]) as v (id)
    left join lateral (
      select exit_price, trade_date from position_realized_events
      where position_id = v.id order by trade_date desc, id limit 1
    ) last on true
    where p.id = v.id
  `.execute(tx.db)
}

/**
 * Takes back the expiry of lots that on a date wait for the underlying's close. Where a later snapshot
 * rests on it, it stays: that snapshot is computed again in the same run, and comes to the same.
 */
export async function suspendExpiries(
  tx: Transaction,
  lotIds: readonly string[],
  date: SessionDate,
): Promise<void> {
  if (lotIds.length === 0) return
  const { rows } = await sql<{ id: string }>`
    select p.id from positions p
    where p.id = any(${lotIds}::uuid[]) and not exists (
      select from portfolio_snapshots s
      where s.portfolio_id = p.portfolio_id and s.snapshot_date > ${date} and s.is_complete
    )
  `.execute(tx.db)
  const ids = rows.map(({ id }) => id)
  await deleteExpiries(tx, ids)
}
