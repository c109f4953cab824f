import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** What entering portfolios came to; null without any. */
export interface OnboardingFigures {
  /** Of the newest that ended. */
  readonly seconds: number | null
  /** From 0 to 1. */
  readonly successRate: number | null
}

/**
 * The onboardings that began since an instant and ended, in either mode: the runs that a source `onboarding`
 * gave as its own or as a combined batch.
 */
export async function selectOnboardingFigures(
  db: Kysely<Tables>,
  since: Date,
): Promise<OnboardingFigures> {
  const { rows } = await sql<OnboardingFigures>`
    with ended as (
      select started_at, extract(epoch from completed_at - started_at)::float8 as seconds,
             status in ('completed', 'completed_with_warnings') as is_success
      from batch_run_history
      where source = 'onboarding' and job_type in ('symbol_onboarding', 'legacy_batch')
        and status not in ('running', 'skipped') and started_at >= ${since}
    )
    select (select seconds from ended order by started_at desc limit 1) as seconds,
           (select avg(is_success::int)::float8 from ended) as "successRate"
  `.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('a select without a from answered no row')
  return row
}
