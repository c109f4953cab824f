import { sql, type Kysely } from 'kysely'
import type { Activity } from '../../batch/activity-log.ts'
import type { RunResult } from '../../batch/result.ts'
import type { RunState } from '../../database/tables/batch-tables.ts'
import type { Tables } from '../../database/index.ts'

/** The record of a portfolio's newest onboarding or calculation. */
export interface OnboardingRecord {
  readonly batchRunId: string
  readonly jobType: string
  readonly status: RunState
  readonly startedAt: Date
  readonly completedAt: Date | null
  readonly reason: string | null
  readonly progress: {
    readonly current_job?: string
    readonly current_date?: string
    readonly done?: number
    readonly total?: number
    readonly percent?: number
  }
  readonly activity: readonly Activity[]
  readonly result: RunResult | null
}

/** The newest run that was about bringing one portfolio up to date; null when there was none. */
export async function selectOnboardingRun(
  db: Kysely<Tables>,
  portfolioId: string,
): Promise<OnboardingRecord | null> {
  const { rows } = await sql<OnboardingRecord>`
    select batch_run_id as "batchRunId", job_type as "jobType", status, started_at as "startedAt",
           completed_at as "completedAt", error_summary ->> 'reason' as reason, progress,
           activity_log as activity, summary as result
    from batch_run_history
    where portfolio_id = ${portfolioId} and job_type in ('symbol_onboarding', 'legacy_batch')
    order by started_at desc, created_at desc limit 1
  `.execute(db)
  return rows[0] ?? null
}
