import type { Kysely } from 'kysely'
import type { Activity } from '../../batch/activity-log.ts'
import type { RunResult } from '../../batch/result.ts'
import type { Tables } from '../../database/index.ts'

/** What a run left of itself. */
export interface RunRecord {
  /** Starts and ends of its phases, oldest first. */
  readonly activity: readonly Activity[]
  /** The result object; null for a run that has not ended, or whose process died. */
  readonly result: RunResult | null
}

/** The record of one run; null when there is no such run. */
export async function selectRunRecord(
  db: Kysely<Tables>,
  batchRunId: string,
): Promise<RunRecord | null> {
  const row = await db
    .selectFrom('batch_run_history')
    .select(['activity_log', 'summary'])
    .where('batch_run_id', '=', batchRunId)
    .executeTakeFirst()
  if (row === undefined) return null
  // The batch alone writes these columns, in these shapes.
  return {
    activity: row.activity_log as readonly Activity[],
    result: row.summary as RunResult | null,
  }
}
