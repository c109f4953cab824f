import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** Snapshots of a portfolio that are to be computed again. */
export interface OpenSlots {
  readonly portfolioId: string
  readonly from: SessionDate
  readonly to: SessionDate
  readonly count: number
  readonly isFromInception: boolean
  /** The first snapshot of all. */
  readonly first: SessionDate
}

/** What is out of date, of one portfolio or of all that have something. */
export async function selectOpenSlots(
  db: Kysely<Tables>,
  portfolioId: string | null,
): Promise<readonly OpenSlots[]> {
  const { rows } = await sql<OpenSlots>`
    select s.portfolio_id as "portfolioId", min(s.snapshot_date)::date as "from",
           max(s.snapshot_date)::date as "to", count(*)::int as count,
           f.is_from_inception as "isFromInception",
           (select min(snapshot_date) from portfolio_snapshots where portfolio_id = f.id)::date as first
    from portfolio_snapshots s
    join portfolios f on f.id = s.portfolio_id and f.deleted_at is null and f.is_active
    where not s.is_complete and (${portfolioId}::uuid is null or s.portfolio_id = ${portfolioId})
    group by s.portfolio_id, f.id
    order by s.portfolio_id
  `.execute(db)
  return rows
}
