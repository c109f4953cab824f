import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { connectionError } from './describe-connection-error.ts'
import { KEEPALIVES } from './keepalives.ts'
import { typeParsers } from './pg-types.ts'
import type { Tables } from './tables/tables.ts'

/** An open pool of connections with typed queries over it. Dispose it to close every connection. */
export interface Database {
  readonly pool: pg.Pool
  readonly db: Kysely<Tables>
  /** Asked at the beginning of every transaction; what it throws ends it. */
  readonly guard?: (client: pg.ClientBase) => Promise<void>
  /** Transactions are answered before they are on disk: see `withDelayedCommits`. */
  readonly delaysCommits?: boolean
  [Symbol.asyncDispose](): Promise<void>
}

export interface OpenOptions {
  readonly url: string
  /** Connections open at most at a time. */
  readonly poolMax: number
  /** Shown by `pg_stat_activity`, so that an operator sees who holds what. */
  readonly applicationName: string
  /**
   * Told when a connection breaks outside of a query, e.g. when the server restarts. The pool
   * replaces it, and whoever was using it gets an error of his own.
   */
  readonly onConnectionError?: (error: Error) => void
}

const CONNECT_TIMEOUT_MS = 10_000
/** How long a connection waits for work: a new one costs its first user more than the old one costs the server. */
const IDLE_TIMEOUT_MS = 600_000
/** From when on an idle connection is probed. */
const PROBE_AFTER_MS = 30_000
const OLDEST_SERVER = 150_000

/** Opens a pool and makes sure that the server answers. Throws DatabaseUnavailable. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const pool = openPool(options)
  try {
    await checkServer(pool)
  } catch (cause) {
    await pool.end()
    throw connectionError(options.url, cause)
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    pool,
    db,
    async [Symbol.asyncDispose]() {
      if (!pool.ended) await pool.end()
    },
  }
}

function openPool({ url, poolMax, applicationName, onConnectionError }: OpenOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolMax,
    application_name: applicationName,
    types: typeParsers,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: PROBE_AFTER_MS,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits for it, its types do not know
    onConnect: async (client) => {
      await client.query(KEEPALIVES)
    },
  })
  const report = (error: Error): void => onConnectionError?.(error)
  // Without listeners a broken connection, idle or lent out, would end the process.
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))
  return pool
}

interface ServerVersion {
  readonly number: number
  readonly text: string
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<ServerVersion>(
    `select current_setting('server_version_num')::int as number,
            current_setting('server_version') as text`,
  )
  const [server] = rows
  if (server !== undefined && server.number < OLDEST_SERVER) {
    throw new Error(`it runs PostgreSQL ${server.text}, but 15 or later is needed`)
  }
}
