import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** The recorded items of one phase with one ending. */
export interface JobCount {
  readonly job_type: string
  readonly job_name: string
  readonly status: 'running' | 'success' | 'failed' | 'skipped'
  readonly items: number
  readonly transient: number
  readonly permanent: number
  readonly data: number
  /** The longest series of attempts that one item took. */
  readonly most_attempts: number
  readonly last_at: Date
}

/** Counts what `batch_jobs` recorded since an instant, by phase and ending. */
export async function selectJobCounts(
  db: Kysely<Tables>,
  since: Date,
): Promise<readonly JobCount[]> {
  const { rows } = await sql<JobCount>`
    select job_type, job_name, status, count(*)::int as items,
           count(*) filter (where error_category = 'transient')::int as transient,
           count(*) filter (where error_category = 'permanent')::int as permanent,
           count(*) filter (where error_category = 'data')::int as data,
           max(attempts)::int as most_attempts, max(started_at) as last_at
    from batch_jobs where started_at >= ${since}
    group by job_type, job_name, status order by job_type, job_name, status
  `.execute(db)
  return rows
}
