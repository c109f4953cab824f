import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../src/database/index.ts'

/** Whoever wants to write into a table waits until the body has ended: a run is where it is for as long as a test looks. */
export function withHeldTable<T>(
  db: Kysely<Tables>,
  table: keyof Tables,
  body: () => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (holding) => {
    await sql`lock table ${sql.table(table)} in exclusive mode`.execute(holding)
    return body()
  })
}
