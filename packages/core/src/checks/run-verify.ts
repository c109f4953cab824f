import type { Kysely } from 'kysely'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import { formatCents, parseCents, type Cents } from '../pnl/index.ts'
import type { Breach, CheckReport, CheckScope } from './check-report.ts'
import { checkExposures } from './check-exposures.ts'
import { recomputeSnapshots, type RecomputedSnapshot } from './recompute-snapshots.ts'
import { checkMarks, reportOf } from './run-doctor.ts'
import { runGuard } from './run-guard.ts'
import { selectStoredSnapshots } from './store/select-stored-snapshots.ts'

/**
 * The regression guard for a date as an operator runs it: what the night's last phase checks, and besides
 * NAV, marks and exposures computed anew from facts and prices, which also tells of dates whose marks are
 * not stored any more. Reads only.
 */
export async function runVerify(
  db: Kysely<Tables>,
  date: SessionDate,
  scope: CheckScope = { portfolioIds: null },
): Promise<readonly CheckReport[]> {
  const { portfolioIds } = scope
  const guard = { date, portfolioIds, atDate: portfolioIds, batchRunId: null, phases: [] }
  const stored = await selectStoredSnapshots(db, { ...scope, date })
  const recomputed = await recomputeSnapshots(db, stored)
  return [
    ...(await runGuard(db, guard)),
    reportOf('nav_recomputed', recomputed, judgeNav),
    { ...(await checkMarks(db, recomputed)), check: 'lot_marks_recomputed' },
    await checkExposures(db, { ...scope, date }, recomputed),
  ]
}

/** NAV against Σ quantity × mark, recomputed, plus the stored cash. */
function judgeNav({ stored, value }: RecomputedSnapshot): readonly Breach[] {
  const { portfolioId, portfolio, date, row } = stored
  const { cash_value: cash, net_asset_value: actual } = row
  const expected =
    cash === null ? null : formatCents((value.snapshot.netExposure + parseCents(cash)) as Cents)
  if (expected !== null && expected === actual) return []
  return [{ portfolioId, portfolio, date, what: 'net_asset_value', expected, actual }]
}
