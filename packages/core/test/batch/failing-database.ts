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
 * A database of which one statement is replaced by one that the server refuses, with all that follows for
 * its transaction.
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
  const refusal = `do $$ begin raise exception 'injected failure' using errcode = '${sqlState}'; end $$`
  class FailingClient extends pg.Client {
    override query(...args: unknown[]): never {
      const send = super.query.bind(this) as (...passed: unknown[]) => never
      sent += 1
      if (sent !== failing) return send(...args)
      const [copy] = args
      return copy instanceof Writable ? send(Object.assign(copy, { text: refusal })) : send(refusal)
    }
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    application_name: 'test-failing',
    types: typeParsers,
    Client: FailingClient,
  })
  pool.on('error', () => undefined)
  return {
    pool,
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    statements: () => sent,
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
