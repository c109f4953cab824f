import type { Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** What a portfolio's newest complete snapshot says. */
export interface SnapshotValue {
  readonly date: SessionDate
  /** Dollars, an exact decimal. */
  readonly netAssetValue: string
}

/** The newest complete snapshot of a portfolio; null when there is none. */
export async function selectSnapshotValue(
  db: Kysely<Tables>,
  portfolioId: string,
): Promise<SnapshotValue | null> {
  const row = await db
    .selectFrom('portfolio_snapshots')
    .select(['snapshot_date', 'net_asset_value'])
    .where('portfolio_id', '=', portfolioId)
    .where('is_complete', '=', true)
    .orderBy('snapshot_date', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined || row.net_asset_value === null) return null
  return { date: row.snapshot_date as SessionDate, netAssetValue: row.net_asset_value }
}
