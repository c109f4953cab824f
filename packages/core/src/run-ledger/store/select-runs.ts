import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { RunRow } from '../run-view.ts'

/** Which runs of the ledger; what is not said does not matter. */
export interface RunFilter {
  readonly since?: Date
  readonly jobType?: string
  readonly status?: string
  readonly limit: number
}

/** Runs of the ledger, newest first. */
export async function selectRuns(
  db: Kysely<Tables>,
  { since, jobType, status, limit }: RunFilter,
): Promise<readonly RunRow[]> {
  return select(
    db,
    sql`
      where (${since ?? null}::timestamptz is null or h.started_at >= ${since ?? null}::timestamptz)
        and (${jobType ?? null}::text is null or h.job_type = ${jobType ?? null}::text)
        and (${status ?? null}::text is null or h.status = ${status ?? null}::text)
      order by h.started_at desc, h.created_at desc limit ${limit}
    `,
  )
}

/** The runs that say they run, oldest first. Close dead ones before. */
export async function selectUnderWay(db: Kysely<Tables>): Promise<readonly RunRow[]> {
  return select(db, sql`where h.status = 'running' order by h.started_at, h.created_at`)
}

/** One run, or null. */
export async function selectRun(db: Kysely<Tables>, batchRunId: string): Promise<RunRow | null> {
  const rows = await select(db, sql`where h.batch_run_id = ${batchRunId}`)
  return rows[0] ?? null
}

/** The newest run of each type that did a night's work or a part of it. */
export async function selectLatestOfTypes(
  db: Kysely<Tables>,
  jobTypes: readonly string[],
): Promise<readonly RunRow[]> {
  const latest: RunRow[] = []
  for (const jobType of jobTypes) latest.push(...(await selectRuns(db, { jobType, limit: 1 })))
  return latest
}

async function select(db: Kysely<Tables>, which: RawBuilder<unknown>): Promise<readonly RunRow[]> {
  const { rows } = await sql<RunRow>`
    select h.batch_run_id, h.job_type, h.status, h.source, h.triggered_by, h.started_at, h.completed_at,
           h.target_date, h.portfolio_id, p.name as portfolio_name, h.total_jobs, h.completed_jobs,
           h.failed_jobs, h.cancel_requested, h.error_summary ->> 'reason' as reason, h.progress
    from batch_run_history h
    left join portfolios p on p.id = h.portfolio_id
    ${which}
  `.execute(db)
  return rows
}
