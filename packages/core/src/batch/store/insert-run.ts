import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { JobType, RunSource } from '../job-type.ts'

export interface NewRun {
  readonly jobType: JobType
  readonly source: RunSource
  readonly triggeredBy: string
  readonly startedAt: Date
  readonly targetDate: SessionDate
  readonly portfolioId: string | null
  /** The locks the run holds; whoever finds them free knows that the run is dead. */
  readonly lockNames: readonly string[]
  /** Null = the database makes one. */
  readonly batchRunId: string | null
}

/** Opens a row of `batch_run_history` with status `running` and returns its id. */
export async function insertRun(db: Kysely<Tables>, run: NewRun): Promise<string> {
  const { batch_run_id } = await db
    .insertInto('batch_run_history')
    .values({
      ...(run.batchRunId === null ? {} : { batch_run_id: run.batchRunId }),
      job_type: run.jobType,
      source: run.source,
      triggered_by: run.triggeredBy,
      status: 'running',
      started_at: run.startedAt,
      heartbeat_at: run.startedAt,
      target_date: run.targetDate,
      portfolio_id: run.portfolioId,
      progress: JSON.stringify({ lock_names: run.lockNames }),
    })
    .returning('batch_run_id')
    .executeTakeFirstOrThrow()
  return batch_run_id
}
