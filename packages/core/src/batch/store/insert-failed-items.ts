import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { JobType } from '../job-type.ts'
import type { ItemFailure } from '../phase.ts'

export interface FailedItems {
  readonly batchRunId: string
  readonly jobType: JobType
  readonly phase: string
  readonly date: SessionDate
  readonly failures: readonly ItemFailure[]
  readonly at: Date
}

const ROWS_PER_STATEMENT = 1000
const MESSAGE_LIMIT = 1000

/** Writes one `batch_jobs` row per symbol or portfolio that a phase could not do. */
export async function insertFailedItems(db: Kysely<Tables>, items: FailedItems): Promise<void> {
  const rows = items.failures.map((failure) => ({
    batch_run_id: items.batchRunId,
    job_name: items.phase,
    job_type: items.jobType,
    item_id: failure.itemId,
    status: 'failed' as const,
    reason: failure.reason,
    error_category: failure.category,
    error_message: failure.message.slice(0, MESSAGE_LIMIT),
    attempts: failure.attempts ?? 1,
    portfolio_id: failure.portfolioId ?? null,
    started_at: items.at,
    completed_at: items.at,
    job_metadata: JSON.stringify({ session: items.date, ...failure.metadata }),
  }))
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    await db
      .insertInto('batch_jobs')
      .values(rows.slice(start, start + ROWS_PER_STATEMENT))
      .execute()
  }
}
