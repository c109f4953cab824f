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

/** Locks on a connection that can hold more of them for a while. */
export interface HeldConnection extends HeldLock {
  /** Takes further locks, all or none, without another connection. Throws when it is lost. */
  also(names: readonly string[]): Promise<HeldLock | null>
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
export async function tryAdvisoryLock(url: string, name: string): Promise<HeldConnection | null> {
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
): Promise<HeldConnection | null> {
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
    if ((await takeAll(client, names)).length < names.length) {
      await sayFarewell(client)
      return null
    }
  } catch (cause) {
    await sayFarewell(client)
    throw connectionError(url, cause)
  }
  const watch = setInterval(() => void checkConnection(client, watchMs, lose), watchMs).unref()
  return {
    lost: lost.signal,
    also: furtherLocks(client, lost.signal, lose),
    async [Symbol.asyncDispose]() {
      clearInterval(watch)
      client.removeAllListeners('end')
      await sayFarewell(client)
    },
  }
}

/** PostgreSQL gives a session the locks that it has once more; nobody here gets them twice. */
function furtherLocks(
  client: pg.Client,
  lost: AbortSignal,
  lose: (cause: Error) => void,
): HeldConnection['also'] {
  const held = new Set<string>()
  return async (names) => {
    if (names.some((name) => held.has(name))) return null
    for (const name of names) held.add(name)
    const free = async (keys: readonly bigint[]): Promise<void> => {
      await client.query('select pg_advisory_unlock(key) from unnest($1::bigint[]) as k (key)', [
        keys,
      ])
      for (const name of names) held.delete(name)
    }
    // Locks of which nobody knows whether they are held, and which cannot be given back, go with the connection.
    const failed = (thrown: unknown): never => {
      lose(coerceError(thrown))
      throw thrown
    }
    const taken = await takeAll(client, names).catch(failed)
    if (taken.length < names.length) {
      await free(taken).catch(failed)
      return null
    }
    return {
      lost,
      async [Symbol.asyncDispose]() {
        if (lost.aborted) return
        await free(taken).catch((thrown: unknown) => {
          lose(coerceError(thrown))
        })
      },
    }
  }
}

/** Takes one lock after the other, up to the first that somebody else holds; returns those it got. */
async function takeAll(client: pg.Client, names: readonly string[]): Promise<readonly bigint[]> {
  // In one order for all, so that of two who want the same locks one gets all of them.
  const keys = names.map(lockKey).sort((a, b) => Number(a > b) - Number(a < b))
  const { rows } = await client.query<{ taken: number }>(
    `with recursive taken (place, held) as (
       select 1, pg_try_advisory_lock(($1::bigint[])[1])
       union all
       select place + 1, pg_try_advisory_lock(($1::bigint[])[place + 1])
       from taken where held and place < cardinality($1::bigint[])
     )
     select count(*) filter (where held)::int as taken from taken`,
    [keys],
  )
  return keys.slice(0, rows[0]?.taken ?? 0)
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
    // An idle holder must not be thrown out.
    await client.query(`${KEEPALIVES}; set idle_session_timeout = 0`)
  } catch (cause) {
    throw connectionError(url, cause)
  }
  return client
}

/** A network that swallows packets reports nothing by itself: ask, and take silence for loss. */
async function checkConnection(
  client: pg.Client,
  watchMs: number,
  lose: (cause: Error) => void,
): Promise<void> {
  const look = { text: 'select 1', query_timeout: watchMs }
  try {
    await client.query(look)
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
