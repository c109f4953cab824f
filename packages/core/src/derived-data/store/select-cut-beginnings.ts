import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { DerivedScope } from '../derived-rows.ts'

/** Portfolios that would lose the beginning of their record and keep the rest. */
export interface CutBeginnings {
  readonly portfolios: number
  /** Their newest snapshot. */
  readonly newest: IsoDate
}

/** Null when a scope cuts nobody's beginning off. */
export async function selectCutBeginnings(
  db: Kysely<Tables>,
  { start, end, portfolioIds }: DerivedScope,
): Promise<CutBeginnings | null> {
  const { rows } = await sql<{ portfolios: number; newest: IsoDate | null }>`
    select count(*)::int as portfolios, max(latest) as newest
    from (
      select min(snapshot_date) as first, max(snapshot_date) as latest
      from portfolio_snapshots
      where is_complete and portfolio_id = any(${portfolioIds}::uuid[])
      group by portfolio_id
    ) records
    where first between ${start}::date and ${end}::date and latest > ${end}::date
  `.execute(db)
  const { portfolios = 0, newest = null } = rows[0] ?? {}
  return newest === null ? null : { portfolios, newest }
}
