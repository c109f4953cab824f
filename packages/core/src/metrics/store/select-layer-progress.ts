import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { jobTypesOf, RUN_LAYERS, type RunLayer } from '../run-layer.ts'

/** How far a layer of the nightly work is; null where there is no such run. */
export interface LayerProgress {
  readonly layer: RunLayer
  /** The newest session that is recorded as done. */
  readonly newestDone: IsoDate | null
  /** The newest target that a full run set out for, unless its process died. */
  readonly newestStarted: IsoDate | null
  /** The newest target of the full runs that are under way. */
  readonly underWay: IsoDate | null
}

/**
 * The progress of both layers, from what their runs recorded; legacy runs count for both. A row that
 * says `running` is believed: close dead runs first where that matters.
 */
export async function selectLayerProgress(db: Kysely<Tables>): Promise<readonly LayerProgress[]> {
  return Promise.all(RUN_LAYERS.map((layer) => selectProgress(db, layer)))
}

async function selectProgress(db: Kysely<Tables>, layer: RunLayer): Promise<LayerProgress> {
  // A full run holds the lock named like its type, a scoped one another.
  const { rows } = await sql<Omit<LayerProgress, 'layer'>>`
    with runs as (
      select status, target_date from batch_run_history
      where job_type = any(${jobTypesOf(layer)}::text[])
        and coalesce(progress -> 'lock_names', to_jsonb(array[job_type])) ? job_type
        and error_summary ->> 'reason' is distinct from 'process_died'
    )
    select
      (select max(batch_date) from batch_run_tracking
       where batch_type = ${layer} and status in ('completed', 'completed_with_warnings')
      ) as "newestDone",
      (select max(target_date) from runs) as "newestStarted",
      (select max(target_date) from runs where status = 'running') as "underWay"
  `.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('a select without a from answered no row')
  return { layer, ...row }
}
