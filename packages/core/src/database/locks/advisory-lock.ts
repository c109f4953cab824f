import { sql, type Kysely } from 'kysely'
import pg from 'pg'
import { coerceError } from '../../errors/index.ts'
import { connectionError } from '../describe-connection-error.ts'
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

/** Takes several locks on one connection, all or none. */
export async function tryAdvisoryLocks(
  url: string,
  names: readonly string[],
): Promise<HeldLock | null> {
  const client = await connectForLock(url)
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
      await client.end()
      return null
    }
  } catch (cause) {
    await client.end()
    throw connectionError(url, cause)
  }
  const watch = setInterval(() => void checkConnection(client, lose), WATCH_MS).unref()
  return {
    lost: lost.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(watch)
      client.removeAllListeners('end')
      await client.end()
    },
  }
}

async function takeAll(client: pg.Client, names: readonly string[]): Promise<boolean> {
  // In one order for all, so that of two who want the same locks one gets all of them.
  const keys = names.map(lockKey).sort((a, b) => Number(a > b) - Number(a < b))
  for (const key of keys) {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock($1::bigint) as held',
      [key],
    )
    if (rows[0]?.held !== true) return false
  }
  return true
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

async function connectForLock(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'sigmasight-lock',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: WATCH_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: WATCH_MS,
  })
  try {
    await client.connect()
    // A holder that vanished without a word (power, network) must not keep the lock for the two
    // hours that an operating system waits by default; and an idle holder must not be thrown out.
    await client.query(
      'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; ' +
        'set tcp_keepalives_count = 3; set idle_session_timeout = 0',
    )
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
