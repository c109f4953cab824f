import type { Kysely } from 'kysely'
import { hashPassword } from '../auth/index.ts'
import type { Tables } from '../database/index.ts'
import { demoId } from './demo-id.ts'

/** Gives the demo's user a password; until then nobody can log in as him. Answers his e-mail. */
export async function openDemoLogin(db: Kysely<Tables>, password: string): Promise<string> {
  const { email } = await db
    .updateTable('users')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', demoId('user'))
    .returning('email')
    .executeTakeFirstOrThrow()
  return email
}
