import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** What an active user of an e-mail, in whatever case, must know to log in; null when there is none. */
export async function selectCredentials(
  db: Kysely<Tables>,
  email: string,
): Promise<{ readonly id: string; readonly passwordHash: string } | null> {
  const row = await db
    .selectFrom('users')
    .select(['id', 'password_hash'])
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .where('is_active', '=', true)
    .executeTakeFirst()
  return row === undefined ? null : { id: row.id, passwordHash: row.password_hash }
}
