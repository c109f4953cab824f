import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { User } from '../user.ts'

/** An active user by id; null when there is none. */
export async function selectUser(db: Kysely<Tables>, id: string): Promise<User | null> {
  const row = await db
    .selectFrom('users')
    .select(['id', 'email', 'full_name', 'is_admin'])
    .where('id', '=', id)
    .where('is_active', '=', true)
    .executeTakeFirst()
  return row === undefined
    ? null
    : { id: row.id, email: row.email, fullName: row.full_name, isAdmin: row.is_admin }
}
