import { sql, type Kysely } from 'kysely'

/**
 * Every snapshot marks every open lot. With room left on its page the new version of a lot's row stays there
 * (a heap-only tuple), and none of the four indexes gets an entry for it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table positions set (fillfactor = 50)`.execute(db)
}
