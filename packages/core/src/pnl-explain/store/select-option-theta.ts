import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** Σ θ of the option lots of each portfolio on a date, dollars per year; without Greeks absent. */
export async function selectOptionTheta(
  db: Kysely<Tables>,
  date: SessionDate,
  portfolioIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ portfolio_id: string; theta: number }>`
    select p.portfolio_id, sum(g.theta order by g.theta) as theta
    from positions p
    join position_greeks g on g.position_id = p.id and g.calculation_date = ${date}
    where p.portfolio_id = any(${portfolioIds}::uuid[])
      and p.investment_class = 'OPTIONS' and g.theta is not null
    group by p.portfolio_id
  `.execute(db)
  return new Map(rows.map(({ portfolio_id, theta }) => [portfolio_id, theta]))
}
