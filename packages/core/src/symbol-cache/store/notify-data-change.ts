import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { DATA_CHANNEL, payloadOf, type DataChange } from '../data-change.ts'

/**
 * Tells every process that listens what has changed. In a transaction the message leaves with the
 * commit, and not at all when it is rolled back.
 */
export async function notifyDataChange(db: Kysely<Tables>, change: DataChange): Promise<void> {
  await sql`select pg_notify(${DATA_CHANNEL}, ${payloadOf(change)})`.execute(db)
}
