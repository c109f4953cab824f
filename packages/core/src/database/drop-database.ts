import { sql } from 'kysely'
import { openDatabase } from './open-database.ts'

/** Drops a database, ending whatever is still connected to it; nothing to do when there is none. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await using database = await openDatabase({ url, poolMax: 1, applicationName: 'drop-database' })
  await sql`drop database if exists ${sql.id(name)} with (force)`.execute(database.db)
}
