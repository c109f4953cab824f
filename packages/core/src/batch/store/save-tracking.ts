import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { DateResult } from '../result.ts'

export interface TrackingEntry {
  readonly batchType: string
  readonly batchRunId: string
  readonly result: DateResult
  /** Whether phases that the result does not name stay as recorded; otherwise they are forgotten. */
  readonly keepsOtherPhases: boolean
  readonly symbolsFetched: number | null
  /** Share of due symbols with a price, in percent; null when prices did not run. */
  readonly coveragePct: number | null
  /** Portfolios with a snapshot of the date; null for the symbol layer. */
  readonly portfoliosProcessed: number | null
  readonly at: Date
}

/** What an update leaves of a row that a run of single phases completes. */
const KEPT = {
  phases: sql<string>`coalesce(batch_run_tracking.phases, '{}') || excluded.phases`,
  symbols_fetched: sql<number>`coalesce(excluded.symbols_fetched, batch_run_tracking.symbols_fetched)`,
  data_coverage_pct: sql<number>`coalesce(excluded.data_coverage_pct, batch_run_tracking.data_coverage_pct)`,
  portfolios_processed: sql<number>`coalesce(excluded.portfolios_processed, batch_run_tracking.portfolios_processed)`,
}

/**
 * Records how a session ended for a batch type; the row of an earlier try is replaced. One that another run
 * has taken over since this one began with it is left alone.
 */
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
      conflict
        .columns(['batch_type', 'batch_date'])
        .doUpdateSet({
          ...row,
          ...(entry.keepsOtherPhases ? KEPT : {}),
          updated_at: entry.at,
        })
        .where('batch_run_tracking.batch_run_id', '=', entry.batchRunId),
    )
    .execute()
}
