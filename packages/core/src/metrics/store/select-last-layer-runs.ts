import { sql, type Kysely } from 'kysely'
import type { RunResult } from '../../batch/result.ts'
import type { Tables } from '../../database/index.ts'
import { jobTypesOf, type RunLayer } from '../run-layer.ts'

/** What the history tells of a layer's runs; null where there is no such run. */
export interface LastLayerRuns {
  /** The result of the newest ended run that recorded a session of the layer. */
  readonly result: RunResult | null
  readonly lastSuccess: Date | null
  /** Whether the newest ended full run succeeded; one whose process died did not. */
  readonly isLastSuccess: boolean | null
}

/** Only runs that recorded a session are looked at for figures: a limited one says little of the night. */
export async function selectLastLayerRuns(
  db: Kysely<Tables>,
  layer: RunLayer,
): Promise<LastLayerRuns> {
  const { rows } = await sql<LastLayerRuns>`
    with ended as (
      select h.status in ('completed', 'completed_with_warnings') as is_success,
             h.started_at, h.completed_at, h.summary,
             exists (
               select from batch_run_tracking t
               where t.batch_run_id = h.batch_run_id and t.batch_type = ${layer}
             ) as is_tracked
      from batch_run_history h
      where h.job_type = any(${jobTypesOf(layer)}::text[])
        and h.status not in ('running', 'skipped')
        and coalesce(h.progress -> 'lock_names', to_jsonb(array[h.job_type])) ? h.job_type
    )
    select
      (select summary from ended where is_tracked and summary is not null
       order by started_at desc limit 1) as result,
      (select max(completed_at) from ended where is_tracked and is_success) as "lastSuccess",
      (select is_success from ended order by started_at desc limit 1) as "isLastSuccess"
  `.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('a select without a from answered no row')
  return row
}
