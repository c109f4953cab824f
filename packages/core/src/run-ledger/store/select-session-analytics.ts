import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** One analytic of one session: how many portfolios have it, and how many have a reason instead. */
export interface AnalyticCount {
  readonly have: number
  readonly explained: number
}

/** What one session has. */
export interface SessionAnalytics {
  readonly session: SessionDate
  /** Complete snapshots: each of them is due for each analytic, or for a reason why not. */
  readonly snapshots: number
  readonly failed_items: number
  readonly exposures: AnalyticCount
  readonly volatility: AnalyticCount
  readonly beta: AnalyticCount
  readonly concentration: AnalyticCount
  readonly correlations: AnalyticCount
  readonly stress_tests: AnalyticCount
}

/**
 * Counts the analytics of every session with snapshots from a date on, newest first.
 *
 * Snapshots are read by their date. What has rows for each portfolio and session is read by one range of the
 * index for each portfolio, into an array of sessions: whatever the length of the history, and once, though the
 * filters ask for it twice.
 */
export async function selectSessionAnalytics(
  db: Kysely<Tables>,
  from: IsoDate,
): Promise<readonly SessionAnalytics[]> {
  const { rows } = await sql<SessionAnalytics>`
    with snapshot as materialized (
      select portfolio_id, snapshot_date as session, hhi is not null as has_concentration,
             realized_volatility_63d is not null as has_volatility,
             beta_calculated_90d is not null as has_beta
      from portfolio_snapshots where is_complete and snapshot_date >= ${from}
    ),
    computed as materialized (
      select p.portfolio_id, ${sessionsIn('factor_exposures', from)} as exposures,
             ${sessionsIn('correlation_calculations', from, sql`and t.duration_days = 90`)} as correlations,
             ${sessionsIn('stress_test_results', from)} as stress_tests
      from (select distinct portfolio_id from snapshot order by portfolio_id) p
    ),
    reason as materialized (
      select (dimensions ->> 'portfolio_id')::uuid as portfolio_id, metric_date as session,
             ${reasonFor('exposures', 'exposures')}, ${reasonFor('analytics', 'volatility')},
             ${reasonFor('analytics', 'beta')}, ${reasonFor('analytics', 'concentration')},
             ${reasonFor('correlations', 'correlations')}
      from daily_metrics
      where metric_date >= ${from}
        and metric_type in
          ('exposures_unavailable', 'analytics_unavailable', 'correlations_unavailable')
        and dimensions = jsonb_build_object('portfolio_id', dimensions -> 'portfolio_id')
      group by dimensions, metric_date
    ),
    counted as (
      select s.session, count(*)::int as snapshots,
        ${count(sql`s.session = any(c.exposures)`, sql`why.exposures`)} as exposures,
        ${count(sql`s.has_volatility`, sql`why.volatility`)} as volatility,
        ${count(sql`s.has_beta`, sql`why.beta`)} as beta,
        ${count(sql`s.has_concentration`, sql`why.concentration`)} as concentration,
        ${count(sql`s.session = any(c.correlations)`, sql`why.correlations`)} as correlations,
        ${count(sql`s.session = any(c.stress_tests)`, sql`false`)} as stress_tests
      from snapshot s
      join computed c using (portfolio_id)
      left join reason why using (portfolio_id, session)
      group by s.session
    )
    select c.*, coalesce(f.items, 0) as failed_items
    from counted c
    left join (
      select job_metadata ->> 'session' as session, count(*)::int as items
      from batch_jobs where status = 'failed' and started_at >= ${from} group by 1
    ) f on f.session = c.session::text
    order by c.session desc
  `.execute(db)
  return rows
}

type Computed = 'factor_exposures' | 'correlation_calculations' | 'stress_test_results'

/** The sessions for which a portfolio has rows in a table. */
function sessionsIn(table: Computed, from: IsoDate, condition = sql``) {
  return sql`array(
    select distinct t.calculation_date from ${sql.table(table)} t
    where t.portfolio_id = p.portfolio_id and t.calculation_date >= ${from} ${condition})`
}

function reasonFor(kind: 'exposures' | 'analytics' | 'correlations', analytic: string) {
  return sql`bool_or(metric_type = ${`${kind}_unavailable`} and value ? ${analytic}) as ${sql.id(analytic)}`
}

function count(isThere: RawBuilder<unknown>, isExplained: RawBuilder<unknown>) {
  return sql`jsonb_build_object(
    'have', count(*) filter (where ${isThere}),
    'explained', count(*) filter (where not ${isThere} and coalesce(${isExplained}, false)))`
}
