import { sql, type Kysely } from 'kysely'
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
 */
export async function selectSessionAnalytics(
  db: Kysely<Tables>,
  from: IsoDate,
): Promise<readonly SessionAnalytics[]> {
  const { rows } = await sql<SessionAnalytics>`
    with snapshot as (
      select s.portfolio_id, s.snapshot_date as session, s.realized_volatility_63d, s.hhi,
             s.beta_calculated_90d, why.exposures, why.analytics, why.correlations
      from portfolio_snapshots s
      left join lateral (
        select jsonb_object_agg(m.metric_type, m.value) -> 'exposures_unavailable' as exposures,
               jsonb_object_agg(m.metric_type, m.value) -> 'analytics_unavailable' as analytics,
               jsonb_object_agg(m.metric_type, m.value) -> 'correlations_unavailable' as correlations
        from daily_metrics m
        where m.metric_date = s.snapshot_date
          and m.metric_type in
            ('exposures_unavailable', 'analytics_unavailable', 'correlations_unavailable')
          and m.dimensions = jsonb_build_object('portfolio_id', s.portfolio_id)
      ) why on true
      where s.is_complete and s.snapshot_date >= ${from}
    ),
    counted as (
      select s.session, count(*)::int as snapshots,
        ${count(sql`exists (select from factor_exposures e where e.portfolio_id = s.portfolio_id and e.calculation_date = s.session)`, sql`s.exposures ? 'exposures'`)} as exposures,
        ${count(sql`s.realized_volatility_63d is not null`, sql`s.analytics ? 'volatility'`)} as volatility,
        ${count(sql`s.beta_calculated_90d is not null`, sql`s.analytics ? 'beta'`)} as beta,
        ${count(sql`s.hhi is not null`, sql`s.analytics ? 'concentration'`)} as concentration,
        ${count(sql`exists (select from correlation_calculations c where c.portfolio_id = s.portfolio_id and c.calculation_date = s.session and c.duration_days = 90)`, sql`s.correlations ? 'correlations'`)} as correlations,
        ${count(sql`exists (select from stress_test_results r where r.portfolio_id = s.portfolio_id and r.calculation_date = s.session)`, sql`false`)} as stress_tests
      from snapshot s group by s.session
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

function count(isThere: ReturnType<typeof sql>, isExplained: ReturnType<typeof sql>) {
  return sql`jsonb_build_object(
    'have', count(*) filter (where ${isThere}),
    'explained', count(*) filter (where not ${isThere} and coalesce(${isExplained}, false)))`
}
