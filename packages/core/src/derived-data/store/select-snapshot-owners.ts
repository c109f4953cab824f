import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { DerivedScope } from '../derived-rows.ts'

/** Those of some portfolios that have a snapshot in a range, complete or not; sorted. */
export async function selectSnapshotOwners(
  db: Kysely<Tables>,
  { start, end, portfolioIds }: Pick<DerivedScope, 'start' | 'end' | 'portfolioIds'>,
): Promise<readonly string[]> {
  const { rows } = await sql<{ portfolio_id: string }>`
    select distinct portfolio_id from portfolio_snapshots
    where portfolio_id = any(${portfolioIds}::uuid[])
      and snapshot_date between ${start}::date and ${end}::date
    order by 1
  `.execute(db)
  return rows.map(({ portfolio_id }) => portfolio_id)
}
