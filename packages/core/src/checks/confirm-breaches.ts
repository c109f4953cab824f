import type { Kysely } from 'kysely'
import type { Tables } from '../database/index.ts'
import type { CheckReport } from './check-report.ts'
import { runGuard, type GuardScope } from './run-guard.ts'
import { selectReopenedSlots } from './store/select-reopened-slots.ts'

/** Edits that follow each other faster than this many looks are a fault after all. */
const LOOKS = 3

/**
 * What remains of a guard's breaches where edits go on beside the run. A portfolio that was edited after its
 * snapshot was made has an open slot until its own recomputation has filled it, and is not judged now; others
 * are looked at again, since an edit may have been stored between two statements of the look before.
 *
 * @param reports what a look at the same scope found
 */
export async function confirmBreaches(
  db: Kysely<Tables>,
  scope: GuardScope,
  reports: readonly CheckReport[],
): Promise<readonly CheckReport[]> {
  let confirmed = reports
  for (let look = 1; look <= LOOKS; look++) {
    const offending = offendingOf(confirmed)
    if (offending.length === 0) return confirmed
    const reopened = await selectReopenedSlots(db, scope.date, offending)
    const ids = offending.filter((id) => !reopened.has(id))
    const asked = new Set(ids)
    const atDate = (scope.atDate ?? ids).filter((id) => asked.has(id))
    const again =
      ids.length === 0 ? [] : await runGuard(db, { ...scope, portfolioIds: ids, atDate })
    const found = new Map(again.map(({ check, breaches }) => [check, breaches]))
    const isSettled = offendingOf(again).length === offending.length
    confirmed = confirmed.map((report) => ({
      ...report,
      breaches: found.get(report.check) ?? [],
    }))
    if (isSettled) return confirmed
  }
  return confirmed
}

function offendingOf(reports: readonly CheckReport[]): readonly string[] {
  const ids = reports.flatMap(({ breaches }) => breaches.map(({ portfolioId }) => portfolioId))
  return [...new Set(ids)]
}
