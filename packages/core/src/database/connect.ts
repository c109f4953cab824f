import { startEmbeddedPostgres } from './embedded/index.ts'
import { openDatabase, type Database } from './open-database.ts'

/** The settings that say which database a program uses. */
export interface DatabaseSettings {
  /** null = the embedded server of this checkout, started when it does not run. */
  readonly databaseUrl: string | null
  /** A way to the same database that keeps sessions; null = `databaseUrl` does. */
  readonly databaseDirectUrl: string | null
  readonly dbPoolMax: number
}

export interface ConnectOptions {
  readonly applicationName: string
  /** Connections open at most at a time; by default DB_POOL_MAX. */
  readonly poolMax?: number
}

/** Opens the database that the settings name. Throws DatabaseUnavailable. */
export async function connect(
  settings: DatabaseSettings,
  options: ConnectOptions,
): Promise<Database> {
  const url = settings.databaseUrl ?? (await startEmbeddedPostgres()).url
  return openDatabase({ poolMax: settings.dbPoolMax, ...options, url })
}

/** The connection string for session locks, which a transaction pooler would lose. */
export async function lockUrlOf(settings: DatabaseSettings): Promise<string> {
  const url = settings.databaseDirectUrl ?? settings.databaseUrl
  return url ?? (await startEmbeddedPostgres()).url
}
