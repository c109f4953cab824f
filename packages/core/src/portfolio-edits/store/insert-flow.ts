import type { Transaction } from '../../database/index.ts'
import { formatCents } from '../../pnl/index.ts'
import type { NewFlow } from '../flows.ts'

/** Adds a flow; answers its id. */
export async function insertFlow(
  { db }: Transaction,
  portfolioId: string,
  { changeType, amount, date, notes }: NewFlow,
): Promise<string> {
  const { id } = await db
    .insertInto('equity_changes')
    .values({
      portfolio_id: portfolioId,
      change_type: changeType,
      amount: formatCents(amount),
      change_date: date,
      notes,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
