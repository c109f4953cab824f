import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'

/** Active portfolios, with or without lots, that are due for a date and have no complete snapshot of it. */
export async function findLaggingPortfolios(
  db: Kysely<Tables>,
  { portfolioIds, date }: CheckScope & { readonly date: SessionDate },
): Promise<CheckReport> {
  const { rows } = await sql<Breach & { readonly lags: boolean }>`
    select f.id as "portfolioId", f.name as portfolio, latest.date,
           'latest complete snapshot' as what, ${date}::text as expected, latest.date::text as actual,
           (
             select snapshot_date from portfolio_snapshots
             where portfolio_id = f.id and is_complete and snapshot_date <= ${date}::date
             order by snapshot_date desc limit 1
           ) is distinct from ${date}::date as lags
    from portfolios f
    left join lateral (
      select (select snapshot_date from portfolio_snapshots
              where portfolio_id = f.id and is_complete order by snapshot_date desc limit 1) as date,
             (select snapshot_date from portfolio_snapshots
              where portfolio_id = f.id and is_complete order by snapshot_date limit 1) as first
    ) latest on true
    where f.is_active and f.deleted_at is null
      and least(f.equity_as_of, latest.first) <= ${date}::date
      and (${portfolioIds}::uuid[] is null or f.id = any(${portfolioIds}::uuid[]))
    order by f.name, f.id
  `.execute(db)
  const breaches = rows.filter(({ lags }) => lags).map(({ lags: _, ...breach }) => breach)
  return { check: 'portfolios_at_date', checked: rows.length, breaches }
}
