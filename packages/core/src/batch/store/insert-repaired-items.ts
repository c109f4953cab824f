import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { JobType } from '../job-type.ts'
import type { FailedPortfolioDate } from './select-failed-portfolio-dates.ts'

export interface RepairedItems {
  readonly batchRunId: string
  readonly jobType: JobType
  readonly items: readonly FailedPortfolioDate[]
  readonly at: Date
}

/** Writes a `success` into `batch_jobs` for each item that the run was to repair and did not fail on again. */
export async function insertRepairedItems(
  db: Kysely<Tables>,
  { batchRunId, jobType, items, at }: RepairedItems,
): Promise<void> {
  const ids = items.map(({ portfolioId }) => portfolioId)
  const dates = items.map(({ date }) => date)
  const phases = items.map(({ phase }) => phase)
  await sql`
    insert into batch_jobs
      (batch_run_id, job_name, job_type, item_id, portfolio_id, status, started_at, completed_at,
       job_metadata)
    select ${batchRunId}, o.phase, ${jobType}, o.portfolio_id, o.portfolio_id::uuid, 'success', ${at}, ${at},
           jsonb_build_object('session', o.session)
    from unnest(${ids}::text[], ${dates}::text[], ${phases}::text[]) as o (portfolio_id, session, phase)
    where not exists (
      select from batch_jobs b
      where b.batch_run_id = ${batchRunId} and b.job_name = o.phase and b.item_id = o.portfolio_id
        and b.job_metadata ->> 'session' = o.session
    )
  `.execute(db)
}
