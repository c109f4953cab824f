import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { User } from '../user.ts'

export interface NewUser {
  readonly email: string
  readonly passwordHash: string
  readonly fullName: string
  readonly isAdmin: boolean
}

/** Adds a user; null when somebody has the e-mail already, in whatever case. */
export async function insertUser(db: Kysely<Tables>, user: NewUser): Promise<User | null> {
  const { rows } = await sql<{ id: string }>`
    insert into users (email, password_hash, full_name, is_admin)
    values (${user.email}, ${user.passwordHash}, ${user.fullName}, ${user.isAdmin})
    on conflict (lower(email)) do nothing
    returning id
  `.execute(db)
  const { email, fullName, isAdmin } = user
  return rows[0] === undefined ? null : { id: rows[0].id, email, fullName, isAdmin }
}
