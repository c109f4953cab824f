import type { Kysely } from 'kysely'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import { readScenarios, selectActiveScenarios } from '../stress/index.ts'
import type { CheckReport, CheckScope } from './check-report.ts'
import { findAnalyticsWithoutMarks } from './store/find-analytics-without-marks.ts'
import { findBrokenSnapshots } from './store/find-broken-snapshots.ts'
import { findExposureGaps } from './store/find-exposure-gaps.ts'
import { findLaggingPortfolios } from './store/find-lagging-portfolios.ts'
import { findMissingFigures } from './store/find-missing-figures.ts'
import { findStressGaps } from './store/find-stress-gaps.ts'
import { findVolatilityGaps } from './store/find-volatility-gaps.ts'
import { findWrongMarks } from './store/find-wrong-marks.ts'
import { selectFailedPortfolios } from './store/select-failed-portfolios.ts'
import { selectTrackedRun } from './store/select-tracked-run.ts'

export interface GuardScope extends CheckScope {
  readonly date: SessionDate
  /**
   * Of which portfolios it is asked whether they are at the date: null = every active one, none on a date
   * that is not the run's target.
   */
  readonly atDate: readonly string[] | null
  /** The run under way; null when an operator asks. */
  readonly batchRunId: string | null
  /** Phases that the run under way has completed on the date. */
  readonly phases: readonly string[]
}

/** The rules of snapshots that a night is held to; `doctor` looks at all of them. */
const NIGHTLY_RULES = ['equity_rolls', 'daily_changes'] as const

/**
 * The regression guard (chapter 70) for a date, by a handful of set-based statements: every active portfolio
 * is there; marks come before analytics; NAV is quantity × mark plus cash; stored marks are right; each
 * daily figure is the change of its cumulative one; and of every phase that ran each portfolio has its rows
 * or the reason why not. Reads only.
 *
 * Phases that ran are those of the run under way and those recorded of the date. A portfolio that a phase
 * failed on is recorded as failed and alerted as such; it is no breach that its rows are missing.
 */
export async function runGuard(
  db: Kysely<Tables>,
  scope: GuardScope,
): Promise<readonly CheckReport[]> {
  const { date } = scope
  const tracked = await selectTrackedRun(db, date)
  const phases = [...new Set([...tracked.phases, ...scope.phases])]
  const runIds = [scope.batchRunId, tracked.batchRunId].filter((id) => id !== null)
  const failed = await selectFailedPortfolios(db, runIds)
  const ran = (phase: string) => phases.includes(phase)
  const reports: CheckReport[] = []
  const add = (found: readonly CheckReport[], ...of: readonly string[]) => {
    const known = ['snapshots', ...of].flatMap((phase) => [...(failed.get(phase) ?? [])])
    reports.push(...found.map((report) => withoutPortfolios(report, new Set(known))))
  }
  if (ran('snapshots')) {
    add([await findLaggingPortfolios(db, { date, portfolioIds: scope.atDate })])
  }
  add([await findAnalyticsWithoutMarks(db, scope)])
  add(await findWrongMarks(db, scope))
  add(await findBrokenSnapshots(db, { ...scope, rules: NIGHTLY_RULES }))
  if (ran('exposures')) add([await findExposureGaps(db, scope)], 'exposures')
  if (ran('analytics')) add([await findVolatilityGaps(db, scope)], 'analytics')
  if (ran('stress_tests')) {
    const { scenarios } = readScenarios(await selectActiveScenarios(db))
    const ids = scenarios.map(({ scenarioId }) => scenarioId)
    add([await findStressGaps(db, scope, ids)], 'stress_tests')
  }
  const figures = await findMissingFigures(db, { ...scope, phases })
  add([figures], 'greeks', 'analytics', 'correlations', 'stress_tests')
  return reports
}

function withoutPortfolios(report: CheckReport, known: ReadonlySet<string>): CheckReport {
  if (known.size === 0) return report
  return {
    ...report,
    breaches: report.breaches.filter(({ portfolioId }) => !known.has(portfolioId)),
  }
}
