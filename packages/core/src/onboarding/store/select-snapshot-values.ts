import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** What a portfolio's newest complete snapshot says. */
export interface SnapshotValue {
  readonly date: SessionDate
  /** Dollars, an exact decimal. */
  readonly netAssetValue: string
}

/** The newest complete snapshots of some portfolios, in their order; null for one that has none. */
export async function selectSnapshotValues(
  db: Kysely<Tables>,
  portfolioIds: readonly string[],
): Promise<readonly (SnapshotValue | null)[]> {
  const { rows } = await sql<{ id: string; date: SessionDate; netAssetValue: string | null }>`
    select asked.id, newest.snapshot_date as date, newest.net_asset_value as "netAssetValue"
    from unnest(${portfolioIds}::uuid[]) as asked (id)
    cross join lateral (
      select snapshot_date, net_asset_value from portfolio_snapshots
      where portfolio_id = asked.id and is_complete
      order by snapshot_date desc limit 1
    ) newest
  `.execute(db)
  const known = new Map(rows.map((row) => [row.id, row]))
  return portfolioIds.map((id) => {
    const { date, netAssetValue = null } = known.get(id) ?? {}
    return date === undefined || netAssetValue === null ? null : { date, netAssetValue }
  })
}
