import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** Whether a user has an undeleted portfolio of that account name. */
export async function isAccountNameTaken(
  db: Kysely<Tables>,
  userId: string,
  accountName: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('portfolios')
    .select('id')
    .where('user_id', '=', userId)
    .where('account_name', '=', accountName)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}
