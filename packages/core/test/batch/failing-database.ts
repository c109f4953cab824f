import { Writable } from 'node:stream'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database, Tables } from '../../src/database/index.ts'
import { typeParsers } from '../../src/database/pg-types.ts'

export interface FailingDatabase extends Database {
  /** Statements sent so far, COPY included. */
  statements(): number
}

/**
 * A database of which one statement fails as the server would let it fail.
 *
 * @param failing the number of the statement, counted from 1; 0 = none
 * @param sqlState what the server says
 */
export function openFailingDatabase(
  url: string,
  failing: number,
  sqlState: string,
): FailingDatabase {
  let sent = 0
  class FailingClient extends pg.Client {
    override query(...args: unknown[]): never {
      sent += 1
      if (sent !== failing) return (super.query as (...passed: unknown[]) => never)(...args)
      const [first] = args
      if (first instanceof Writable) return failLater(first, failureOf(sqlState)) as never
      return Promise.reject(failureOf(sqlState)) as never
    }
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    application_name: 'test-failing',
    types: typeParsers,
    Client: FailingClient,
  } as pg.PoolConfig)
  pool.on('error', () => undefined)
  return {
    pool,
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    statements: () => sent,
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

/** COPY is a stream that breaks, not an answer that is refused. */
function failLater(stream: Writable, error: Error): Writable {
  process.nextTick(() => stream.destroy(error))
  return stream
}

function failureOf(sqlState: string): pg.DatabaseError {
  const error = new pg.DatabaseError(`injected failure ${sqlState}`, 0, 'error')
  return Object.assign(error, { code: sqlState, severity: 'ERROR' })
}
