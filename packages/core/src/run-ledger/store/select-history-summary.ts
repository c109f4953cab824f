import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** Some runs since an instant, counted. */
export interface RunCounts {
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

/** The runs of one type. */
export interface TypeSummary extends RunCounts {
  readonly job_type: string
}

/** Counts runs by type. A type without a run is absent. */
export async function selectHistorySummary(
  db: Kysely<Tables>,
  since: Date,
): Promise<readonly TypeSummary[]> {
  const { rows } = await sql<TypeSummary>`
    select job_type, ${COUNTS} from (${runsSince(since)}) runs group by job_type order by job_type
  `.execute(db)
  return rows
}

/** Counts what entered a portfolio, in either mode: its own runs, or a combined batch. Null without any. */
export async function selectOnboardingSummary(
  db: Kysely<Tables>,
  since: Date,
): Promise<RunCounts | null> {
  const { rows } = await sql<RunCounts>`
    select ${COUNTS} from (${runsSince(since)}) runs
    where source = 'onboarding' and job_type in ('symbol_onboarding', 'legacy_batch')
    having count(*) > 0
  `.execute(db)
  return rows[0] ?? null
}

function runsSince(since: Date): RawBuilder<unknown> {
  return sql`
    select job_type, source, status, failed_jobs, started_at, completed_at,
           status in ('completed', 'completed_with_warnings') as is_success,
           extract(epoch from completed_at - started_at)::float8 as seconds
    from batch_run_history where started_at >= ${since}`
}

const COUNTS = sql`count(*)::int as runs,
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
           max(completed_at) filter (where is_success) as last_success_at`
