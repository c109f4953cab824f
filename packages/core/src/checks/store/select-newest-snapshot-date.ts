import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** The date of the newest complete snapshot of all; null when there is none. */
export async function selectNewestSnapshotDate(db: Kysely<Tables>): Promise<SessionDate | null> {
  const { rows } = await sql<{ newest: SessionDate | null }>`
    select max(s.snapshot_date) as newest
    from portfolio_snapshots s
    join portfolios f on f.id = s.portfolio_id and f.deleted_at is null
    where s.is_complete
  `.execute(db)
  return rows[0]?.newest ?? null
}
