import type { Kysely } from 'kysely'
import { isSession } from '../calendar/index.ts'
import type { Tables } from '../database/index.ts'
import type { Breach, CheckReport, CheckScope } from './check-report.ts'
import { compareMarks } from './compare-marks.ts'
import { compareSnapshot } from './compare-snapshot.ts'
import { findUnsettledOptions } from './find-unsettled-options.ts'
import { recomputeSnapshots, type RecomputedSnapshot } from './recompute-snapshots.ts'
import { findBrokenAnalytics } from './store/find-broken-analytics.ts'
import { findBrokenCorrelations } from './store/find-broken-correlations.ts'
import { findBrokenDeltas } from './store/find-broken-deltas.ts'
import { findBrokenExplanations } from './store/find-broken-explanations.ts'
import { findBrokenExposures } from './store/find-broken-exposures.ts'
import { findBrokenSnapshots } from './store/find-broken-snapshots.ts'
import { findBrokenStress } from './store/find-broken-stress.ts'
import { findIncompleteSlots } from './store/find-incomplete-slots.ts'
import { findUnrolledEquity } from './store/find-unrolled-equity.ts'
import { selectSnapshotDates, type SnapshotDate } from './store/select-snapshot-dates.ts'
import { selectStoredMarks } from './store/select-stored-marks.ts'
import { selectStoredSnapshots } from './store/select-stored-snapshots.ts'

/**
 * Checks what the database says of portfolios against the invariants of chapter 50: every complete
 * snapshot against its neighbours, and the newest of each portfolio, with the marks of its lots, against
 * the pure calculator; and all stored analytics against what must hold of them (chapter 60). Reads only.
 */
export async function runDoctor(
  db: Kysely<Tables>,
  scope: CheckScope,
): Promise<readonly CheckReport[]> {
  const stored = await selectStoredSnapshots(db, { ...scope, date: null })
  const recomputed = await recomputeSnapshots(db, stored)
  return [
    ...(await findBrokenSnapshots(db, { ...scope, date: null })),
    reportOf('recomputed_snapshot', recomputed, ({ stored: snapshot, value }) =>
      compareSnapshot(snapshot, value.snapshot),
    ),
    await checkMarks(db, recomputed),
    reportOf('expired_options', recomputed, findUnsettledOptions),
    await findUnrolledEquity(db, scope),
    await findIncompleteSlots(db, scope),
    judgeDates(await selectSnapshotDates(db, scope)),
    await findBrokenAnalytics(db, scope),
    await findBrokenDeltas(db, scope),
    await findBrokenExposures(db, scope),
    await findBrokenCorrelations(db, scope),
    await findBrokenStress(db, scope),
    await findBrokenExplanations(db, scope),
  ]
}

/** The marks of the lots of newest snapshots; older snapshots have no stored marks. */
export async function checkMarks(
  db: Kysely<Tables>,
  recomputed: readonly RecomputedSnapshot[],
): Promise<CheckReport> {
  const newest = recomputed.filter(({ stored }) => stored.isNewest)
  const ids = newest.map(({ stored }) => stored.portfolioId)
  const marks = await selectStoredMarks(db, ids)
  return reportOf('lot_marks', newest, (snapshot) => compareMarks(snapshot, marks))
}

/** One report over all items of a kind. */
export function reportOf<Item>(
  check: string,
  items: readonly Item[],
  judge: (item: Item) => readonly Breach[],
): CheckReport {
  return { check, checked: items.length, breaches: items.flatMap(judge) }
}

function judgeDates(dates: readonly SnapshotDate[]): CheckReport {
  return reportOf('session_dates', dates, ({ date, portfolioId, portfolio, snapshots }) =>
    isSession(date)
      ? []
      : [
          {
            portfolioId,
            portfolio,
            date,
            what: 'snapshot_date',
            expected: 'an NYSE session',
            actual: `${snapshots} snapshots on a day without trading`,
          },
        ],
  )
}
