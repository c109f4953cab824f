import { sql, type Kysely } from 'kysely'
import pg from 'pg'
import { coerceError } from '../../errors/index.ts'
import { connectionError } from '../describe-connection-error.ts'
import { KEEPALIVES } from '../keepalives.ts'
import type { Tables } from '../tables/tables.ts'
import { lockKey } from './lock-key.ts'

/** Session locks held on a connection of their own. Dispose to free them. */
export interface HeldLock {
  /** Aborts when the connection breaks: the server has freed, or will free, the locks. */
  readonly lost: AbortSignal
  [Symbol.asyncDispose](): Promise<void>
}

const CONNECT_TIMEOUT_MS = 10_000
/** How often the holder makes sure of its connection, and how long it waits for the answer. */
const WATCH_MS = 10_000
/** How long an ending connection may wait for the server to let go of it. */
const FAREWELL_MS = 2_000

/**
 * Takes one PostgreSQL session advisory lock, or null when somebody else holds it. The server frees
 * it when this process dies.
 *
 * @param url a direct connection: behind a transaction pooler a session does not stay the same
 * @param name what is locked; names are the same lock in every program of the same database
 * @throws DatabaseUnavailable
 */
export async function tryAdvisoryLock(url: string, name: string): Promise<HeldLock | null> {
  return tryAdvisoryLocks(url, [name])
}

/**
 * Takes several locks on one connection, all or none.
 *
 * @param watchMs how often the connection is checked, and how long each answer is waited for: one that a
 *   network swallowed is known to be lost after twice that
 */
export async function tryAdvisoryLocks(
  url: string,
  names: readonly string[],
  watchMs = WATCH_MS,
): Promise<HeldLock | null> {
  const client = await connectForLock(url, watchMs)
  const lost = new AbortController()
  const lose = (cause?: Error): void => {
    lost.abort(new Error('the connection that holds the lock was lost', { cause }))
  }
  client.on('error', lose)
  client.on('end', () => {
    lose()
  })
  try {
    if (!(await takeAll(client, names))) {
      await sayFarewell(client)
      return null
    }
  } catch (cause) {
    await sayFarewell(client)
    throw connectionError(url, cause)
  }
  const watch = setInterval(() => void checkConnection(client, lose), watchMs).unref()
  return {
    lost: lost.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(watch)
      client.removeAllListeners('end')
      await sayFarewell(client)
    },
  }
}

async function takeAll(client: pg.Client, names: readonly string[]): Promise<boolean> {
  // In one order for all, so that of two who want the same locks one gets all of them.
  const keys = names.map(lockKey).sort((a, b) => Number(a > b) - Number(a < b))
  // One after the other, up to the first that somebody else holds.
  const { rows } = await client.query<{ held: boolean }>(
    `with recursive taken (place, held) as (
       select 1, pg_try_advisory_lock(($1::bigint[])[1])
       union all
       select place + 1, pg_try_advisory_lock(($1::bigint[])[place + 1])
       from taken where held and place < cardinality($1::bigint[])
     )
     select bool_and(held) as held from taken`,
    [keys],
  )
  return rows[0]?.held === true
}

/** Whether nobody holds the lock: a run that says `running` under a free lock is dead. */
export async function isLockFree(db: Kysely<Tables>, name: string): Promise<boolean> {
  const { rows } = await sql<{ is_free: boolean }>`
    select not exists (
      select from pg_locks
      where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = ${lockKey(name)}::bigint
    ) as is_free
  `.execute(db)
  return rows[0]?.is_free ?? false
}

async function connectForLock(url: string, watchMs: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'sigmasight-lock',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: watchMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: WATCH_MS,
  })
  try {
    await client.connect()
    // An idle holder must not be thrown out.
    await client.query(`${KEEPALIVES}; set idle_session_timeout = 0`)
  } catch (cause) {
    throw connectionError(url, cause)
  }
  return client
}

/** A network that swallows packets reports nothing by itself: ask, and take silence for loss. */
async function checkConnection(client: pg.Client, lose: (cause: Error) => void): Promise<void> {
  try {
    await client.query('select 1')
  } catch (cause) {
    lose(coerceError(cause))
  }
}

/** Ends a connection; where nobody answers any more, by breaking it off. */
async function sayFarewell(client: pg.Client): Promise<void> {
  const limit = setTimeout(() => client.connection.stream.destroy(), FAREWELL_MS)
  await client.end()
  clearTimeout(limit)
}
