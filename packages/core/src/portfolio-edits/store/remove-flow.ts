import { sql } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Transaction } from '../../database/index.ts'

/** Marks a flow as deleted; answers its date, or null when the portfolio has none of that id. */
export async function removeFlow(
  { db }: Transaction,
  portfolioId: string,
  flowId: string,
): Promise<IsoDate | null> {
  const { rows } = await sql<{ change_date: IsoDate }>`
    update equity_changes set deleted_at = now(), updated_at = now()
    where id = ${flowId} and portfolio_id = ${portfolioId} and deleted_at is null
    returning change_date
  `.execute(db)
  return rows[0]?.change_date ?? null
}
