import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/**
 * Those of some portfolios whose snapshot of a date was made and then put out of date by an edit, whose own
 * recomputation fills the slot again. Slots that a crash left have no figures.
 */
export async function selectReopenedSlots(
  db: Kysely<Tables>,
  date: SessionDate,
  portfolioIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ portfolio_id: string }>`
    select portfolio_id from portfolio_snapshots
    where portfolio_id = any(${portfolioIds}::uuid[]) and snapshot_date = ${date}
      and not is_complete and net_asset_value is not null
  `.execute(db)
  return new Set(rows.map((row) => row.portfolio_id))
}
