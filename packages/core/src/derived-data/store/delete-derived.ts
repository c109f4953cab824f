import { sql } from 'kysely'
import type { Transaction } from '../../database/index.ts'
import { deleteExpiries } from '../../portfolios/index.ts'
import { DERIVED_ROWS, expiries, type DerivedScope } from '../derived-rows.ts'

/** Deletes the derived rows of a scope; a lot whose expiry goes is open again. */
export async function deleteDerived(tx: Transaction, scope: DerivedScope): Promise<void> {
  const { rows } = await sql<{ position_id: string }>`
    select position_id from position_realized_events where ${expiries(scope)}
  `.execute(tx.db)
  await deleteExpiries(
    tx,
    rows.map(({ position_id }) => position_id),
  )
  for (const [table, condition] of Object.entries(DERIVED_ROWS)) {
    await sql`delete from ${sql.table(table)} where ${condition(scope)}`.execute(tx.db)
  }
}
