import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { IsoDate } from '../../calendar/iso-date.ts'

/** A run as `pnpm ops last-runs` shows it. */
export interface PastRun {
  readonly batch_run_id: string
  readonly job_type: string
  readonly source: string
  readonly status: string
  readonly started_at: Date
  readonly completed_at: Date | null
  readonly target_date: IsoDate | null
  readonly total_jobs: number
  readonly completed_jobs: number
  readonly failed_jobs: number
  readonly error_summary: unknown
}

/** Runs that started at or after `since`, newest first. */
export async function selectLastRuns(db: Kysely<Tables>, since: Date): Promise<readonly PastRun[]> {
  return db
    .selectFrom('batch_run_history')
    .select([
      'batch_run_id',
      'job_type',
      'source',
      'status',
      'started_at',
      'completed_at',
      'target_date',
      'total_jobs',
      'completed_jobs',
      'failed_jobs',
      'error_summary',
    ])
    .where('started_at', '>=', since)
    .orderBy('started_at', 'desc')
    .execute()
}
