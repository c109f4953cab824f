import type { Kysely } from 'kysely'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import { chunkDates, planDates } from './plan-dates.ts'
import type { RunRequest } from './run-request.ts'
import { selectTrackedDates } from './store/select-tracked-dates.ts'

/** The nightly run without a limit. */
const EVERYTHING: RunRequest = {
  jobType: 'symbol_batch',
  mode: 'v2',
  source: 'manual',
  triggeredBy: 'catch-up',
  dates: { kind: 'target', target: null, backfill: true },
  reprocess: 'missing',
  force: false,
  maxCatchup: Infinity,
  chunkDays: null,
  fromInception: false,
  scope: { kind: 'universe' },
  retryFailedPhases: false,
  phases: null,
}

/**
 * The sessions from the earliest tracked one through `effective` that the symbol batch has not completed,
 * in slices that span at most `chunkDays` calendar days, oldest first. Before a first run: `effective`.
 */
export async function planCatchUp(
  db: Kysely<Tables>,
  { effective, chunkDays }: { readonly effective: SessionDate; readonly chunkDays: number },
): Promise<readonly (readonly SessionDate[])[]> {
  const tracked = await selectTrackedDates(db, 'symbol_batch')
  const { dates } = planDates(EVERYTHING, tracked, { effective, order: [] })
  return chunkDates(dates, chunkDays)
}
