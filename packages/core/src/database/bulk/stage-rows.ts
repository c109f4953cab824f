import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { from as copyFrom } from 'pg-copy-streams'
import type { Transaction } from '../transaction.ts'
import { copyText, type CopyRow } from './copy-text.ts'

export interface StageColumn {
  readonly name: string
  /** The column's type in SQL, e.g. `numeric(18,6)`. */
  readonly type: string
}

export interface Stage {
  /** Name of the temporary table. */
  readonly name: string
  readonly columns: readonly StageColumn[]
  readonly rows: Iterable<CopyRow>
}

/** From how many rows on the planner is told about them; below it any plan is fast. */
const ANALYZE_FROM = 500

/**
 * Writes rows into a temporary table, which goes when the transaction ends, by COPY: the fastest way
 * to bring thousands of rows to the server, where set-based statements then work on them. A stage of
 * the same name from earlier in the transaction is replaced.
 *
 * @returns how many rows there are
 */
export async function stageRows(tx: Transaction, stage: Stage): Promise<number> {
  const table = sql.table(stage.name)
  const columns = stage.columns.map(({ name, type }) => sql`${sql.ref(name)} ${sql.raw(type)}`)
  await sql`drop table if exists pg_temp.${table}`.execute(tx.db)
  await sql`create temporary table ${table} (${sql.join(columns)}) on commit drop`.execute(tx.db)
  const command = sql`copy pg_temp.${table} from stdin`.compile(tx.db).sql
  const copy = tx.client.query(copyFrom(command))
  await pipeline(Readable.from(copyText(stage.rows, stage.columns.length)), copy)
  if (copy.rowCount >= ANALYZE_FROM) await sql`analyze pg_temp.${table}`.execute(tx.db)
  return copy.rowCount
}
