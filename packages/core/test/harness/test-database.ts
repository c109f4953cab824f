import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { openDatabase, type Database } from '../../src/database/index.ts'
import { findTestServer, newTestName, withAdmin, withDatabase } from './test-server.ts'

/** A migrated database of its own, with an open pool. Drop it when the tests of the file are done. */
export interface TestDatabase {
  readonly url: string
  readonly database: Database
  /**
   * Closes the pool and drops the database. Fails when anybody else still has a connection to it:
   * a program that forgets to close one would not end, or would keep others waiting.
   *
   * @param closingLimitMs what a connection that was just closed may take to be gone, on a busy machine
   */
  drop(closingLimitMs?: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const END_CONNECTIONS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = $1 and backend_type = 'client backend'`

const POLL_MS = 20
const CLOSING_LIMIT_MS = 30_000

/**
 * Clones the template database for one test file.
 *
 * @example
 * const store = await createTestDatabase()
 * afterAll(() => store.drop())
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await findTestServer()
  return createDatabase(server.url, `template ${server.template}`)
}

/** A database without any table, for tests of migrations. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const server = await findTestServer()
  return createDatabase(server.url, '')
}

async function createDatabase(serverUrl: string, options: string): Promise<TestDatabase> {
  const name = newTestName()
  await withAdmin(serverUrl, (admin) => admin.query(`create database ${name} ${options}`))
  const url = withDatabase(serverUrl, name)
  const database = await openDatabase({ url, poolMax: 5, applicationName: 'test-file' })
  const drop = async (closingLimitMs = CLOSING_LIMIT_MS): Promise<void> => {
    await database[Symbol.asyncDispose]()
    const leaks = await withAdmin(serverUrl, async (admin) => {
      const open = await findOpenConnections(admin, name, closingLimitMs)
      if (open.length > 0) await admin.query(END_CONNECTIONS, [name])
      // Without FORCE, which fails when the server's own vacuum is at work there.
      await admin.query(`drop database if exists ${name}`)
      return open
    })
    if (leaks.length > 0) {
      throw new Error(`connections were left open, by application_name: ${leaks.join(', ')}`)
    }
  }
  return { url, database, drop, [Symbol.asyncDispose]: () => drop() }
}

/** Who is connected; a connection that was just closed is given a moment to go. */
async function findOpenConnections(
  admin: pg.Client,
  name: string,
  limitMs: number,
): Promise<readonly string[]> {
  for (let waited = 0; ; waited += POLL_MS) {
    const { rows } = await admin.query<{ holder: string }>(
      `select format('%s (%s: %s)', application_name, state, left(query, 60)) as holder
       from pg_stat_activity where datname = $1 and backend_type = 'client backend' order by 1`,
      [name],
    )
    if (rows.length === 0 || waited >= limitMs) return rows.map(({ holder }) => holder)
    await sleep(POLL_MS)
  }
}
