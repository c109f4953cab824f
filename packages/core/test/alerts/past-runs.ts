import { sql } from 'kysely'
import { DateTime } from 'luxon'
import type { RunResult } from '../../src/batch/result.ts'
import type { TestDatabase } from '../harness/test-database.ts'

/** In what a stored run differs from one that ended and recorded its session. */
export interface PastRunRow {
  /** The session it was for; it ran from 01:00 to 01:15 UTC of the next day. */
  readonly date?: string
  readonly state?: string
  readonly lockNames?: readonly string[]
  readonly hasSummary?: boolean
  readonly isTracked?: boolean
  /** The layers it recorded the session for. */
  readonly layers?: readonly string[]
}

/** Stores a run as the batch does: its history row and the tracking rows of its session. */
export async function insertRun(
  { database }: TestDatabase,
  result: RunResult,
  row: PastRunRow = {},
): Promise<void> {
  const { date = result.target_date, state = result.status, hasSummary = true } = row
  const { lockNames = [result.job_type], isTracked = true, layers = [result.job_type] } = row
  const isRunning = state === 'running'
  const startedAt = DateTime.fromISO(`${date}T00:00`, { zone: 'utc' }).plus({ hours: 25 })
  const { rows } = await sql<{ id: string }>`
    insert into batch_run_history
      (job_type, status, started_at, completed_at, target_date, progress, summary, error_summary)
    values (
      ${result.job_type}, ${state},
      ${startedAt.toISO()}, ${isRunning ? null : startedAt.plus({ minutes: 15 }).toISO()},
      ${date}, ${JSON.stringify({ lock_names: lockNames })}::jsonb,
      ${hasSummary ? JSON.stringify(result) : null}::jsonb,
      ${JSON.stringify({ reason: result.reason ?? null })}::jsonb
    )
    returning batch_run_id as id
  `.execute(database.db)
  if (!isTracked) return
  for (const layer of layers) {
    await sql`
      insert into batch_run_tracking (batch_type, batch_date, status, batch_run_id)
      values (${layer}, ${date}, ${state}, ${rows[0]?.id})
      on conflict (batch_type, batch_date)
      do update set status = excluded.status, batch_run_id = excluded.batch_run_id
    `.execute(database.db)
  }
}
