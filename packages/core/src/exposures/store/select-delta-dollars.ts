import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/**
 * The delta dollars (Δ · quantity · 100 · S) of the option lots of some portfolios on a date, by lot id.
 * A lot without Greeks of exactly that date is absent.
 */
export async function selectDeltaDollars(
  db: Kysely<Tables>,
  date: SessionDate,
  portfolioIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ position_id: string; delta_dollars: number }>`
    select g.position_id, g.delta_dollars
    from positions p
    join position_greeks g on g.position_id = p.id and g.calculation_date = ${date}
    where p.portfolio_id = any(${portfolioIds}::uuid[])
      and p.investment_class = 'OPTIONS'
      and g.delta_dollars is not null
  `.execute(db)
  return new Map(rows.map((row) => [row.position_id, row.delta_dollars]))
}
