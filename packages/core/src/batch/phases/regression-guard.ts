import { confirmBreaches, runGuard, type Breach, type CheckReport } from '../../checks/index.ts'
import { EMPTY_OUTCOME, type Phase } from '../phase.ts'
import type { PortfolioContext } from '../portfolio-context.ts'
import { portfoliosOf } from '../run-request.ts'

/** Offending rows that are listed; the rest is counted. */
const LISTED = 20

/**
 * The regression guard (chapter 70): looks at what the date's phases have stored, and fails the run when
 * rows contradict each other or are missing without a reason. What is stored stays. A portfolio that is edited
 * meanwhile is left to its own recomputation. Counts portfolios.
 */
export const regressionGuardPhase: Phase<PortfolioContext> = {
  name: 'regression_guard',
  step: null,
  critical: false,
  finalDateOnly: false,
  reads: [
    'portfolios',
    'positions',
    'position_realized_events',
    'market_data_cache',
    'portfolio_snapshots',
    'position_greeks',
    'position_volatility',
    'factor_definitions',
    'symbol_factor_exposures',
    'factor_exposures',
    'correlation_calculations',
    'stress_test_scenarios',
    'stress_test_results',
    'daily_metrics',
    'batch_run_tracking',
    'batch_jobs',
  ],
  writes: [],
  async run(context) {
    const { batchRunId, books, completed, database, date, isFinalDate, isRepair, log, scope } =
      context
    const due = books.dueIdsOn(date)
    const everyone = isRepair === true ? due : portfoliosOf({ scope })
    const asked = {
      date,
      portfolioIds: due,
      atDate: isFinalDate ? everyone : [],
      batchRunId,
      phases: [...completed],
    }
    const found = await runGuard(database.db, asked)
    const reports = await confirmBreaches(database.db, asked, found)
    const breaches = reports.flatMap(({ check, breaches: of }) =>
      of.map((breach) => ({ check, ...breach })),
    )
    for (const breach of breaches) log.error({ ...breach, batch_date: date }, 'guard_breach')
    const checks = Object.fromEntries(reports.map(({ check, checked }) => [check, checked]))
    const offending = new Set(breaches.map(({ portfolioId }) => portfolioId))
    const outcome = {
      ...EMPTY_OUTCOME,
      processed: due.length,
      reasons: countByCheck(reports),
      metrics: { checks, breaches: breaches.length, portfolios_in_breach: offending.size },
    }
    if (breaches.length === 0) return outcome
    return {
      ...outcome,
      failure: `${breaches.length} stored figures are not as they should be`,
      isBreach: true,
      alerts: listOf(breaches),
    }
  },
}

function countByCheck(reports: readonly CheckReport[]): Readonly<Record<string, number>> {
  const found = reports.filter(({ breaches }) => breaches.length > 0)
  return Object.fromEntries(found.map(({ check, breaches }) => [check, breaches.length]))
}

function listOf(breaches: readonly (Breach & { readonly check: string })[]): readonly string[] {
  const lines = breaches
    .slice(0, LISTED)
    .map(
      ({ check, portfolio, what, expected, actual }) =>
        `${portfolio}: ${check}: ${what} is ${actual ?? 'null'}, not ${expected ?? 'null'}`,
    )
  const more = breaches.length - lines.length
  return more > 0 ? [...lines, `and ${more} more; pnpm ops verify lists all`] : lines
}
