import type { Transaction } from '../../database/index.ts'
import { parseCents } from '../../pnl/index.ts'
import type { NewFlow } from '../flows.ts'

/** An undeleted flow of a portfolio; null when there is none of that id. */
export async function selectFlow(
  { db }: Transaction,
  portfolioId: string,
  flowId: string,
): Promise<NewFlow | null> {
  const row = await db
    .selectFrom('equity_changes')
    .select(['change_type', 'amount', 'change_date', 'notes'])
    .where('id', '=', flowId)
    .where('portfolio_id', '=', portfolioId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return null
  const { change_type: changeType, change_date: date, notes } = row
  return { changeType, amount: parseCents(row.amount), date, notes }
}
