import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** What is to be known before an upload is taken. */
export interface UploadFacts {
  /** Whether the user has an undeleted portfolio of that account name. */
  readonly isNameTaken: boolean
  /** The newest session whose symbol batch is completed; null before the first. */
  readonly newestDate: SessionDate | null
}

export async function selectUploadFacts(
  db: Kysely<Tables>,
  userId: string,
  accountName: string,
): Promise<UploadFacts> {
  const { rows } = await sql<UploadFacts>`
    select exists (
             select from portfolios
             where user_id = ${userId} and account_name = ${accountName} and deleted_at is null
           ) as "isNameTaken",
           (select max(batch_date) from batch_run_tracking
            where batch_type = 'symbol_batch' and status in ('completed', 'completed_with_warnings')
           ) as "newestDate"
  `.execute(db)
  return rows[0] ?? { isNameTaken: false, newestDate: null }
}
