import { sql } from 'kysely'
import { openDatabase } from './open-database.ts'

/**
 * Makes sure that a server has a database of a name.
 *
 * @param url any database of the server, for a role that may create databases
 * @returns the URL of the named database
 */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  await using database = await openDatabase({ url, poolMax: 1, applicationName: 'ensure-database' })
  const { rows } = await sql`select from pg_database where datname = ${name}`.execute(database.db)
  if (rows.length === 0) await sql`create database ${sql.id(name)}`.execute(database.db)
  const named = new URL(url)
  named.pathname = `/${name}`
  return named.href
}
