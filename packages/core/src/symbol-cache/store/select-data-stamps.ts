import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** When each layer last recorded a session as done, to the microsecond; null before the first. */
export interface DataStamps {
  readonly symbols: string | null
  readonly portfolios: string | null
}

/**
 * `completed_at` of each layer's newest row of `batch_run_tracking`. It moves with every nightly run, whether
 * or not the run's notification arrived.
 */
export async function selectDataStamps(db: Kysely<Tables>): Promise<DataStamps> {
  const { rows } = await sql<DataStamps>`
    select max(completed_at) filter (where batch_type = 'symbol_batch')::text as symbols,
           max(completed_at) filter (where batch_type <> 'symbol_batch')::text as portfolios
    from batch_run_tracking
  `.execute(db)
  return rows[0] ?? { symbols: null, portfolios: null }
}
