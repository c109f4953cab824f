import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** The date of a portfolio's latest complete snapshot; null when it has none. */
export async function selectLatestSnapshot(
  db: Kysely<Tables>,
  portfolioId: string,
): Promise<SessionDate | null> {
  const { rows } = await sql<{ date: SessionDate | null }>`
    select max(snapshot_date)::date as date from portfolio_snapshots
    where portfolio_id = ${portfolioId} and is_complete
  `.execute(db)
  return rows[0]?.date ?? null
}
