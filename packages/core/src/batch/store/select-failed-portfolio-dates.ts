import { sql, type Kysely } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** A phase that a portfolio could not be done in on a session, when it was last tried by name. */
export interface FailedPortfolioDate {
  readonly portfolioId: string
  readonly date: SessionDate
  readonly phase: string
}

/** What `batch_jobs` last says `failed` of, through a session; of some portfolios, or of all. */
export async function selectFailedPortfolioDates(
  db: Kysely<Tables>,
  through: IsoDate,
  portfolioIds: readonly string[] | null,
): Promise<readonly FailedPortfolioDate[]> {
  const { rows } = await sql<FailedPortfolioDate>`
    select "portfolioId", date, phase from (
      select distinct on (portfolio_id, job_metadata ->> 'session', job_name)
             portfolio_id as "portfolioId", (job_metadata ->> 'session')::date as date,
             job_name as phase, status
      from batch_jobs
      where portfolio_id is not null and job_metadata ->> 'session' <= ${through}::text
        and status in ('failed', 'success')
        and (${portfolioIds}::uuid[] is null or portfolio_id = any(${portfolioIds}::uuid[]))
      order by portfolio_id, job_metadata ->> 'session', job_name, created_at desc, status desc
    ) last
    where status = 'failed'
  `.execute(db)
  return rows
}
