import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'

/** Portfolios whose `equity_balance` is not the equity of their latest complete snapshot. */
export async function findUnrolledEquity(
  db: Kysely<Tables>,
  { portfolioIds }: CheckScope,
): Promise<CheckReport> {
  const { rows } = await sql<Breach & { readonly differs: boolean }>`
    select f.id as "portfolioId", f.name as portfolio, s.snapshot_date as date,
           'portfolios.equity_balance' as what, s.equity_balance as expected,
           f.equity_balance as actual, f.equity_balance is distinct from s.equity_balance as differs
    from portfolios f
    cross join lateral (
      select snapshot_date, equity_balance from portfolio_snapshots
      where portfolio_id = f.id and is_complete
      order by snapshot_date desc limit 1
    ) s
    where f.deleted_at is null and (${portfolioIds}::uuid[] is null or f.id = any(${portfolioIds}::uuid[]))
    order by f.name, f.id
  `.execute(db)
  const breaches = rows.filter(({ differs }) => differs).map(({ differs: _, ...breach }) => breach)
  return { check: 'rolled_equity', checked: rows.length, breaches }
}
