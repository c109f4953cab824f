import { sql } from 'kysely'
import type { Transaction } from '../../database/index.ts'
import { formatCents } from '../../pnl/index.ts'
import type { NewFlow } from '../flows.ts'

export async function updateFlow(
  { db }: Transaction,
  flowId: string,
  { changeType, amount, date, notes }: NewFlow,
): Promise<void> {
  await sql`
    update equity_changes
    set change_type = ${changeType}, amount = ${formatCents(amount)}::numeric,
        change_date = ${date}, notes = ${notes}, updated_at = now()
    where id = ${flowId}
  `.execute(db)
}
