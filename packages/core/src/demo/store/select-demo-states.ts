import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** How far a portfolio of the demo is. */
export interface DemoState {
  readonly id: string
  readonly equityAsOf: IsoDate | null
  /** Of the complete snapshots, ascending. */
  readonly snapshotDates: readonly IsoDate[]
}

/** The undeleted ones of some portfolios with the dates of their complete snapshots. */
export async function selectDemoStates(
  db: Kysely<Tables>,
  portfolioIds: readonly string[],
): Promise<readonly DemoState[]> {
  const { rows } = await sql<DemoState>`
    select f.id, f.equity_as_of as "equityAsOf",
           array(
             select s.snapshot_date::text from portfolio_snapshots s
             where s.portfolio_id = f.id and s.is_complete
             order by s.snapshot_date
           ) as "snapshotDates"
    from portfolios f
    where f.deleted_at is null and f.id = any(${portfolioIds}::uuid[])
    order by f.id
  `.execute(db)
  return rows
}
