import type { Kysely } from 'kysely'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import { formatCents, parseCents, type Cents } from '../pnl/index.ts'
import type { Breach, CheckReport, CheckScope } from './check-report.ts'
import { checkExposures } from './check-exposures.ts'
import { recomputeSnapshots, type RecomputedSnapshot } from './recompute-snapshots.ts'
import { checkMarks, reportOf } from './run-doctor.ts'
import { findBrokenSnapshots } from './store/find-broken-snapshots.ts'
import { findLaggingPortfolios } from './store/find-lagging-portfolios.ts'
import { selectStoredSnapshots } from './store/select-stored-snapshots.ts'

/** What the guard reports of a night besides the arithmetic of snapshots. */
const NIGHTLY_RULES: ReadonlySet<string> = new Set(['equity_rolls', 'daily_changes'])

/**
 * The regression guard (chapter 70) for a date: every active portfolio is there; NAV is quantity × mark,
 * computed anew, plus cash, to the cent; stored marks are right; each daily figure is the change of its
 * cumulative one; factor exposures are there or explained. Reads only.
 */
export async function runVerify(
  db: Kysely<Tables>,
  date: SessionDate,
  scope: CheckScope = { portfolioIds: null },
): Promise<readonly CheckReport[]> {
  const stored = await selectStoredSnapshots(db, { ...scope, date })
  const recomputed = await recomputeSnapshots(db, stored)
  const arithmetic = await findBrokenSnapshots(db, { ...scope, date })
  return [
    await findLaggingPortfolios(db, { ...scope, date }),
    reportOf('nav_from_marks', recomputed, judgeNav),
    await checkMarks(db, recomputed),
    ...arithmetic.filter(({ check }) => NIGHTLY_RULES.has(check)),
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
