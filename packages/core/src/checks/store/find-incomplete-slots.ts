import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'

/** Slots that a crash left behind; the next run takes them over. */
export async function findIncompleteSlots(
  db: Kysely<Tables>,
  { portfolioIds }: CheckScope,
): Promise<CheckReport> {
  const { rows } = await sql<Breach>`
    select f.id as "portfolioId", f.name as portfolio, s.snapshot_date as date,
           'is_complete' as what, 'true' as expected, 'false' as actual
    from portfolio_snapshots s
    join portfolios f on f.id = s.portfolio_id and f.deleted_at is null
    where not s.is_complete and (${portfolioIds}::uuid[] is null or f.id = any(${portfolioIds}::uuid[]))
    order by f.name, f.id, s.snapshot_date
  `.execute(db)
  return { check: 'incomplete_slots', checked: rows.length, breaches: rows }
}
