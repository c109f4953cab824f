import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** Days of New York, both ends included. */
export interface DayRange {
  readonly from: IsoDate
  readonly to: IsoDate
}

/**
 * Adds up the ended runs of each day in `daily_metrics`: `runs_daily`, a row for each type of job and day,
 * and `onboarding_daily`, what entering
 * portfolios came to (the runs that a source `onboarding` gave as its own or as a combined batch). A day is New York's, by when a run began. Days
 * without runs leave no row, and unchanged rows are not written.
 *
 * @returns how many rows were written
 */
export async function saveDailyFigures(
  db: Kysely<Tables>,
  { from, to }: DayRange,
): Promise<number> {
  const result = await sql`
    with ended as (
      select (started_at at time zone 'America/New_York')::date as day, job_type, source, status,
             status in ('completed', 'completed_with_warnings') as is_success, failed_jobs,
             completed_jobs, extract(epoch from completed_at - started_at)::float8 as seconds
      from batch_run_history
      where status not in ('running', 'skipped')
        and started_at >= ${from}::date::timestamp at time zone 'America/New_York'
        and started_at < (${to}::date + 1)::timestamp at time zone 'America/New_York'
    ),
    figures as (
      select day, 'runs_daily' as metric_type, jsonb_build_object('job_type', job_type) as dimensions,
             jsonb_build_object(
               'runs', count(*), 'succeeded', count(*) filter (where is_success),
               'failed', count(*) filter (where status in ('failed', 'aborted')),
               'cancelled', count(*) filter (where status = 'cancelled'),
               'items_done', sum(completed_jobs), 'items_failed', sum(failed_jobs),
               'average_seconds', round(avg(seconds)::numeric, 3),
               'longest_seconds', round(max(seconds)::numeric, 3)) as value
      from ended group by day, job_type
      union all
      select day, 'onboarding_daily', '{}'::jsonb,
             jsonb_build_object(
               'onboardings', count(*), 'succeeded', count(*) filter (where is_success),
               'success_rate', round(avg(is_success::int), 6),
               'average_seconds', round(avg(seconds)::numeric, 3),
               'longest_seconds', round(max(seconds)::numeric, 3))
      from ended where source = 'onboarding' and job_type in ('symbol_onboarding', 'legacy_batch')
      group by day
    )
    insert into daily_metrics as m (metric_date, metric_type, dimensions, value)
    select day, metric_type, dimensions, value from figures
    on conflict (metric_date, metric_type, dimensions)
    do update set value = excluded.value, updated_at = now()
    where m.value is distinct from excluded.value
  `.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}
