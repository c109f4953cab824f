import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** A symbol or portfolio that a phase could not do. */
export interface FailedItem {
  readonly batch_run_id: string
  readonly job_type: string
  readonly job_name: string
  readonly item_id: string | null
  readonly portfolio_id: string | null
  readonly session: string | null
  readonly reason: string | null
  readonly error_category: 'transient' | 'permanent' | 'data' | null
  readonly error_message: string | null
  readonly attempts: number
  readonly failed_at: Date
}

export interface FailureFilter {
  readonly since: Date
  readonly jobType?: string
  readonly limit: number
}

/** Failed items, newest first. */
export async function selectFailures(
  db: Kysely<Tables>,
  { since, jobType, limit }: FailureFilter,
): Promise<readonly FailedItem[]> {
  const { rows } = await sql<FailedItem>`
    select batch_run_id, job_type, job_name, item_id, portfolio_id, job_metadata ->> 'session' as session,
           reason, error_category, error_message, attempts, coalesce(completed_at, started_at) as failed_at
    from batch_jobs
    where status = 'failed' and started_at >= ${since}
      and (${jobType ?? null}::text is null or job_type = ${jobType ?? null}::text)
    order by started_at desc, job_name, item_id
    limit ${limit}
  `.execute(db)
  return rows
}

/** The failed items of one run, in the order they were recorded. */
export async function selectFailuresOfRun(
  db: Kysely<Tables>,
  batchRunId: string,
  limit: number,
): Promise<readonly FailedItem[]> {
  const { rows } = await sql<FailedItem>`
    select batch_run_id, job_type, job_name, item_id, portfolio_id, job_metadata ->> 'session' as session,
           reason, error_category, error_message, attempts, coalesce(completed_at, started_at) as failed_at
    from batch_jobs
    where status = 'failed' and batch_run_id = ${batchRunId}
    order by started_at, job_name, item_id
    limit ${limit}
  `.execute(db)
  return rows
}
