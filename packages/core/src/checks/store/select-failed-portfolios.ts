import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** The portfolios that some runs could not do, by phase: recorded failures, which alert by themselves. */
export async function selectFailedPortfolios(
  db: Kysely<Tables>,
  batchRunIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await sql<{ phase: string; portfolio_ids: string[] }>`
    select job_name as phase, array_agg(item_id) as portfolio_ids
    from batch_jobs
    where batch_run_id = any(${batchRunIds}::uuid[]) and status = 'failed' and item_id is not null
    group by job_name
  `.execute(db)
  return new Map(rows.map(({ phase, portfolio_ids }) => [phase, new Set(portfolio_ids)]))
}
