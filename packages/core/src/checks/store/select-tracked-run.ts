import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** What is recorded of how the portfolio layer went on a date. */
export interface TrackedRun {
  /** Phases that went through. */
  readonly phases: readonly string[]
  /** The run that worked on the date last; null when none is tracked. */
  readonly batchRunId: string | null
}

export async function selectTrackedRun(db: Kysely<Tables>, date: SessionDate): Promise<TrackedRun> {
  const { rows } = await sql<{ batchRunId: string | null; phases: string[] }>`
    select t.batch_run_id as "batchRunId",
           array(select p.key from jsonb_each(t.phases) p where p.value ->> 'status' = 'completed') as phases
    from batch_run_tracking t
    where t.batch_type = 'portfolio_refresh' and t.batch_date = ${date}
  `.execute(db)
  return rows[0] ?? { batchRunId: null, phases: [] }
}
