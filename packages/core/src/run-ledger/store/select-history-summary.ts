import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** The runs of one type since an instant, counted. */
export interface TypeSummary {
  readonly job_type: string
  readonly runs: number
  readonly running: number
  readonly completed: number
  readonly completed_with_warnings: number
  readonly failed: number
  readonly aborted: number
  readonly cancelled: number
  /** Of the ended runs, those that completed, 0..1; null when none has ended. */
  readonly success_rate: number | null
  /** Of the runs that completed; null when none has. */
  readonly average_duration_seconds: number | null
  readonly longest_duration_seconds: number | null
  readonly failed_jobs: number
  readonly last_started_at: Date
  readonly last_success_at: Date | null
}

/** Counts runs by type. A type without a run is absent. */
export async function selectHistorySummary(
  db: Kysely<Tables>,
  since: Date,
): Promise<readonly TypeSummary[]> {
  const { rows } = await sql<TypeSummary>`
    with runs as (
      select job_type, status, failed_jobs, started_at, completed_at,
             status in ('completed', 'completed_with_warnings') as is_success,
             extract(epoch from completed_at - started_at)::float8 as seconds
      from batch_run_history where started_at >= ${since}
    )
    select job_type, count(*)::int as runs,
           count(*) filter (where status = 'running')::int as running,
           count(*) filter (where status = 'completed')::int as completed,
           count(*) filter (where status = 'completed_with_warnings')::int as completed_with_warnings,
           count(*) filter (where status = 'failed')::int as failed,
           count(*) filter (where status = 'aborted')::int as aborted,
           count(*) filter (where status = 'cancelled')::int as cancelled,
           avg(is_success::int) filter (where status <> 'running')::float8 as success_rate,
           avg(seconds) filter (where is_success) as average_duration_seconds,
           max(seconds) filter (where is_success) as longest_duration_seconds,
           sum(failed_jobs)::int as failed_jobs,
           max(started_at) as last_started_at,
           max(completed_at) filter (where is_success) as last_success_at
    from runs group by job_type order by job_type
  `.execute(db)
  return rows
}
