import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './open-database.ts'
import { withRetry } from './with-retry.ts'

/** A transaction whose COMMIT was sent and not answered. */
export interface UnansweredCommit {
  /** Its number; null = it wrote nothing. */
  readonly id: string | null
  readonly cause: Error
}

type Status = 'committed' | 'aborted' | 'in progress' | null

/**
 * Whether the server committed a transaction. It is asked again for two seconds while it does not answer, or
 * has not noticed yet that the connection is gone.
 *
 * @throws when it cannot be found out, with the failure of the COMMIT as cause
 */
export async function isCommitted(
  database: Database,
  { id, cause }: UnansweredCommit,
): Promise<boolean> {
  if (id === null) return true
  try {
    return await withRetry(() => ask(database, id, cause), { sleep })
  } catch {
    throw new Error(
      'the connection broke during a COMMIT; whether the change was stored is not known',
      { cause },
    )
  }
}

async function ask({ pool }: Database, id: string, cause: Error): Promise<boolean> {
  const { rows } = await pool.query<{ status: Status }>(
    'select pg_xact_status($1::xid8) as status',
    [id],
  )
  const status = rows[0]?.status ?? null
  // A failure for a passing reason, so that it is asked again.
  if (status === null || status === 'in progress') throw cause
  return status === 'committed'
}
