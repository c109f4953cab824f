import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { DERIVED_ROWS, type DerivedScope } from '../derived-rows.ts'

/** Table → number of its rows in a scope. */
export type RowCounts = Readonly<Record<string, number>>

/** Counts the derived rows of a scope, one statement a table. */
export async function countDerived(db: Kysely<Tables>, scope: DerivedScope): Promise<RowCounts> {
  const counts: Record<string, number> = {}
  for (const [table, condition] of Object.entries(DERIVED_ROWS)) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(table)} where ${condition(scope)}
    `.execute(db)
    counts[table] = rows[0]?.n ?? 0
  }
  return counts
}
