import type { Kysely } from 'kysely'
import type pg from 'pg'
import { coerceError } from '../errors/index.ts'
import { errorCode } from './error-code.ts'
import { isCommitted } from './is-committed.ts'
import { kyselyOver } from './kysely-over-client.ts'
import type { Database } from './open-database.ts'
import type { Tables } from './tables/tables.ts'

/** An open transaction. Both members use the same connection: typed queries, and COPY by `client`. */
export interface Transaction {
  readonly db: Kysely<Tables>
  readonly client: pg.PoolClient
}

/**
 * Runs `body` in one transaction: committed when it returns, rolled back when it throws. The error
 * is passed on; a connection whose rollback fails is thrown away. When a connection breaks before the
 * server has answered its COMMIT, the server is asked over another one what became of it, so that
 * whoever tries again after an error does nothing twice.
 *
 * @example
 * await transaction(database, async (tx) => {
 *   await copyUpsert(tx, target, rows)
 *   await tx.db.updateTable('portfolios').set({ equity_balance }).where('id', '=', id).execute()
 * })
 */
export async function transaction<T>(
  database: Database,
  body: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const { result, unanswered } = await attempt(database, body)
  if (unanswered !== null && !(await isCommitted(database, unanswered))) throw unanswered.cause
  return result
}

const DELAYED = 'begin; set local synchronous_commit = off'

interface Attempt<T> {
  readonly result: T
  /** The transaction whose COMMIT failed, null when it succeeded. */
  readonly unanswered: { readonly id: string | null; readonly cause: Error } | null
}

async function attempt<T>(
  database: Database,
  body: (tx: Transaction) => Promise<T>,
): Promise<Attempt<T>> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  try {
    await client.query(database.delaysCommits === true ? DELAYED : 'begin')
    await database.guard?.(client)
    const result = await body({ db: kyselyOver(client, { mayBegin: false }), client })
    const id = await transactionId(client)
    await client.query('commit').catch((cause: unknown) => {
      broken = coerceError(cause)
    })
    return { result, unanswered: broken === undefined ? null : { id, cause: broken } }
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      broken = coerceError(failure)
    })
    throw error
  } finally {
    client.release(broken)
  }
}

const FAILED_TRANSACTION = '25P02'

/** Its number; null of one that has written nothing. */
async function transactionId(client: pg.PoolClient): Promise<string | null> {
  try {
    const { rows } = await client.query<{ id: string | null }>(
      'select pg_current_xact_id_if_assigned()::text as id',
    )
    return rows[0]?.id ?? null
  } catch (cause) {
    // The server would answer a COMMIT after a swallowed error with ROLLBACK, not with an error.
    if (errorCode(cause) !== FAILED_TRANSACTION) throw cause
    throw new Error('the transaction was rolled back: a statement failed', { cause })
  }
}
