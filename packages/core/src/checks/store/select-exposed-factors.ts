import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { CheckScope } from '../check-report.ts'

/** The factors that a portfolio has an exposure to on a date. */
export interface ExposedFactors {
  readonly portfolio: string
  readonly factorIds: ReadonlySet<string>
}

/** The factors that each portfolio has a row of `factor_exposures` for, by portfolio id. */
export async function selectExposedFactors(
  db: Kysely<Tables>,
  { portfolioIds, date }: CheckScope & { readonly date: SessionDate },
): Promise<ReadonlyMap<string, ExposedFactors>> {
  const { rows } = await sql<{ id: string; name: string; factor_ids: string[] }>`
    select f.id, f.name, array_agg(e.factor_id::text) as factor_ids
    from factor_exposures e
    join portfolios f on f.id = e.portfolio_id and f.deleted_at is null
    where e.calculation_date = ${date}
      and (${portfolioIds}::uuid[] is null or f.id = any(${portfolioIds}::uuid[]))
    group by f.id
    order by f.id
  `.execute(db)
  return new Map(
    rows.map(({ id, name, factor_ids }) => [
      id,
      { portfolio: name, factorIds: new Set(factor_ids) },
    ]),
  )
}
