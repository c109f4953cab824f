import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { NewUser } from './insert-user.ts'

/** Adds an administrator, or makes the user of that e-mail one, with the new password; whether he is new. */
export async function saveAdmin(
  db: Kysely<Tables>,
  { email, passwordHash, fullName }: Omit<NewUser, 'isAdmin'>,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { rows } = await sql<{ id: string; is_new: boolean }>`
    insert into users (email, password_hash, full_name, is_admin)
    values (${email}, ${passwordHash}, ${fullName}, true)
    on conflict (lower(email)) do update
      set password_hash = excluded.password_hash, is_admin = true, is_active = true, updated_at = now()
    returning id, xmax = 0 as is_new
  `.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the administrator was not stored')
  return { id: row.id, isNew: row.is_new }
}
