import type { Kysely } from 'kysely'
import type { Tables } from '../database/index.ts'
import { verifyPassword } from './password.ts'
import { selectCredentials } from './store/select-credentials.ts'

/**
 * The id of the user with this e-mail and password; null for an unknown e-mail, a wrong password and a
 * user who was made inactive, which nobody outside can tell apart, by the time it takes neither.
 */
export async function logIn(
  db: Kysely<Tables>,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<string | null> {
  const known = await selectCredentials(db, email)
  const isRight = await verifyPassword(known?.passwordHash ?? null, password)
  return known !== null && isRight ? known.id : null
}
