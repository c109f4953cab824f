import type { Kysely } from 'kysely'
import type pg from 'pg'
import { coerceError } from '../errors/index.ts'
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
 * is passed on; a connection whose rollback fails is thrown away.
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
  const client = await database.pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await body({ db: kyselyOver(client, { mayBegin: false }), client })
    const { command } = await client.query('commit')
    // The server answers a COMMIT after a swallowed error with ROLLBACK, not with an error.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement failed')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      broken = coerceError(failure)
    })
    throw error
  } finally {
    client.release(broken)
  }
}
