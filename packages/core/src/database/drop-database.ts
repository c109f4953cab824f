import { sql } from 'kysely'
import { errorCode } from './error-code.ts'
import { openDatabase } from './open-database.ts'

const IN_USE = '55006'

/**
 * Drops a database, ending whatever is still connected to it; nothing to do when there is none. Force is
 * used only where it is needed: with it, an autovacuum worker that happens to be there is a process that
 * only a superuser may end, without it the server ends the worker itself.
 */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await using database = await openDatabase({ url, poolMax: 1, applicationName: 'drop-database' })
  try {
    await sql`drop database if exists ${sql.id(name)}`.execute(database.db)
  } catch (error) {
    if (errorCode(error) !== IN_USE) throw error
    await sql`drop database if exists ${sql.id(name)} with (force)`.execute(database.db)
  }
}
