import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { findBreaches, isInScope, PORTFOLIO } from './find-breaches.ts'

/** Portfolios with analytics of a date of which they have no complete snapshot, and so no marks. */
export async function findAnalyticsWithoutMarks(
  db: Kysely<Tables>,
  scope: CheckScope & { readonly date: SessionDate },
): Promise<CheckReport> {
  const { date } = scope
  const unmarked = sql`
    ${isInScope(scope)} and (
      select s.snapshot_date from portfolio_snapshots s
      where s.portfolio_id = f.id and s.snapshot_date <= ${date} and s.is_complete
      order by s.snapshot_date desc limit 1) is distinct from ${date}::date
  `
  return findBreaches(db, {
    check: 'marks_precede_analytics',
    checked: sql`select count(*) from portfolios f where ${isInScope(scope)}`,
    breaches: sql<Breach>`
      with unmarked as materialized (select f.id, f.name from portfolios f where ${unmarked})
      select ${PORTFOLIO}, ${date}::date as date, found.rows || ' rows of ' || found.name as what,
             'a complete snapshot of the date' as expected, null as actual
      from unmarked f
      cross join lateral (
        select 'factor_exposures' as name, count(*) as rows from factor_exposures
        where portfolio_id = f.id and calculation_date = ${date}
        union all
        select 'correlation_calculations', count(*) from correlation_calculations
        where portfolio_id = f.id and calculation_date = ${date}
        union all
        select 'stress_test_results', count(*) from stress_test_results
        where portfolio_id = f.id and calculation_date = ${date}
        union all
        select 'position_volatility', count(*) from position_volatility v
        join positions p on p.id = v.position_id
        where p.portfolio_id = f.id and v.calculation_date = ${date}
        union all
        select 'position_greeks', count(*) from position_greeks g
        join positions p on p.id = g.position_id
        where p.portfolio_id = f.id and g.calculation_date = ${date}
        union all
        select 'P&L explanation', count(*) from daily_metrics
        where metric_date = ${date} and metric_type = 'pnl_explain'
          and dimensions = jsonb_build_object('portfolio_id', f.id)
      ) found
      where found.rows > 0
      order by f.name, f.id, found.name
    `,
  })
}
