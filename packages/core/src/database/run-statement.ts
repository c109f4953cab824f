import type { Database } from './open-database.ts'

/** Runs SQL that an operator typed; several statements run in one implicit transaction, and the last one's rows come back. */
export async function runStatement(
  database: Database,
  statement: string,
): Promise<{ readonly rows: readonly object[]; readonly rowCount: number }> {
  // With several statements pg answers an array, which its types do not know.
  const answer: unknown = await database.pool.query(statement)
  const last = (Array.isArray(answer) ? answer.at(-1) : answer) as {
    rows: object[]
    rowCount: number | null
  }
  return { rows: last.rows, rowCount: last.rowCount ?? 0 }
}
