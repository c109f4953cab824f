import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { CheckScope } from '../check-report.ts'

/** A date that has snapshots, with one of the portfolios. */
export interface SnapshotDate {
  readonly date: IsoDate
  readonly portfolioId: string
  readonly portfolio: string
  readonly snapshots: number
}

/** The dates of all snapshots, complete or not, ascending. */
export async function selectSnapshotDates(
  db: Kysely<Tables>,
  { portfolioIds }: CheckScope,
): Promise<readonly SnapshotDate[]> {
  const { rows } = await sql<SnapshotDate>`
    select s.snapshot_date as date, min(f.id::text) as "portfolioId",
           min(f.name) as portfolio, count(*)::int as snapshots
    from portfolio_snapshots s
    join portfolios f on f.id = s.portfolio_id and f.deleted_at is null
    where ${portfolioIds}::uuid[] is null or f.id = any(${portfolioIds}::uuid[])
    group by s.snapshot_date
    order by s.snapshot_date
  `.execute(db)
  return rows
}
