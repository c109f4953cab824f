import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/**
 * Those of some portfolios that have, or once had, a lot whose symbol (of an option the underlying) has no
 * factor row at all on a date.
 */
export async function selectPortfoliosLackingFactors(
  db: Kysely<Tables>,
  date: SessionDate,
  portfolioIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.portfolio_id as id
    from positions p
    where p.portfolio_id = any(${portfolioIds}::uuid[])
      and p.deleted_at is null and p.entry_date <= ${date}
      and p.investment_class in ('PUBLIC', 'OPTIONS')
      and (p.investment_class = 'PUBLIC' or p.underlying_symbol is not null)
      and not exists (
        select from symbol_factor_exposures e
        where e.calculation_date = ${date}
          and e.symbol = case p.investment_class when 'PUBLIC' then p.symbol else p.underlying_symbol end
      )
    group by p.portfolio_id
  `.execute(db)
  return rows.map(({ id }) => id)
}
