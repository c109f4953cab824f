import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { DateResult } from '../result.ts'

export interface TrackingEntry {
  readonly batchType: string
  readonly batchRunId: string
  readonly result: DateResult
  readonly symbolsFetched: number | null
  /** Share of due symbols with a price, in percent; null when prices did not run. */
  readonly coveragePct: number | null
  /** Portfolios with a snapshot of the date; null for the symbol layer. */
  readonly portfoliosProcessed: number | null
  readonly at: Date
}

/** Records how a session ended for a batch type; the row of an earlier try is replaced. */
export async function saveTracking(db: Kysely<Tables>, entry: TrackingEntry): Promise<void> {
  const row = {
    status: entry.result.status,
    batch_run_id: entry.batchRunId,
    phases: JSON.stringify(entry.result.phases),
    symbols_fetched: entry.symbolsFetched,
    data_coverage_pct: entry.coveragePct,
    portfolios_processed: entry.portfoliosProcessed,
    completed_at: entry.at,
  }
  await db
    .insertInto('batch_run_tracking')
    .values({ batch_type: entry.batchType, batch_date: entry.result.date, ...row })
    .onConflict((conflict) =>
      conflict.columns(['batch_type', 'batch_date']).doUpdateSet({ ...row, updated_at: entry.at }),
    )
    .execute()
}
