import {
  available,
  noHoldingsReason,
  unavailable,
  type AnalyticResult,
} from '../../analytics/index.ts'
import {
  lossLimit,
  portfolioSensitivities,
  portfolioStress,
  roundStress,
  saveStressResults,
  selectActiveScenarios,
  type ScenarioResult,
  type StressedPortfolio,
} from '../../stress/index.ts'
import { explainDay } from '../explain-day.ts'
import type { PhaseOutcome } from '../phase.ts'
import type { PortfolioContext } from '../portfolio-context.ts'
import { lostWhenAllFailed, portfolioPhase } from '../portfolio-phase.ts'
import { PortfolioTally } from '../portfolio-tally.ts'
import { workThroughPortfolios } from '../portfolio-work.ts'
import { capRestAlarms } from '../rest-alarms.ts'
import type { RiskBook } from '../risk-day.ts'
import type { RiskModel } from '../risk-model.ts'
import { planScenarios, type ScenarioPlan } from '../scenario-plan.ts'

/**
 * Computes what every active scenario would do to every due portfolio, and explains the day's P&L of each
 * by what the factors did. Both rest on a joint model of factors that is made once per date for everybody.
 */
export const stressTestsPhase = portfolioPhase<PortfolioContext>({
  name: 'stress_tests',
  step: null,
  critical: false,
  finalDateOnly: false,
  reads: [
    'portfolios',
    'positions',
    'position_realized_events',
    'position_valuations',
    'equity_changes',
    'market_data_cache',
    'symbol_universe',
    'portfolio_snapshots',
    'position_greeks',
    'factor_definitions',
    'stress_test_scenarios',
    'daily_metrics',
  ],
  writes: ['stress_test_results', 'daily_metrics'],
  dateMetrics: ['scenarios', 'scenarios_skipped', 'scenarios_unusable', 'factors_missing'],
  whole: (sum) => lostWhenAllFailed({ ...sum, alerts: capRestAlarms(sum.alerts) }),
  async part(context) {
    const stressed = await stressPortfolios(context)
    const explained = await explainDay(context)
    return {
      ...stressed,
      failed: stressed.failed + explained.failed,
      failures: [...stressed.failures, ...explained.failures],
      metrics: { ...stressed.metrics, pnl_explain: explained.metrics },
      alerts: [...stressed.alerts, ...explained.alerts],
    }
  },
})

async function stressPortfolios(context: PortfolioContext): Promise<PhaseOutcome> {
  const { database, date, risk } = context
  const model = await risk.model(date)
  const plan = planScenarios(context, await selectActiveScenarios(database.db), model)
  const day = await risk.day(date)
  const tally = new PortfolioTally(context, 'stress_failed')
  await workThroughPortfolios<Stressed>(context, {
    tally,
    compute(portfolioId) {
      const portfolio = stressedPortfolio(day.bookOf(portfolioId), model)
      return { portfolioId, portfolio, results: resultsOf(plan, model, portfolio) }
    },
    save: (tx, items) => saveStressResults(tx, date, items),
    saved({ portfolio, results }) {
      tally.done(portfolio.success ? null : portfolio.reason)
      const without = results.filter(({ result }) => typeof result === 'string').length
      tally.count({ results: results.length - without, results_without_figures: without })
    },
  })
  return {
    ...tally.outcome({
      scenarios: plan.scenarios.length - Object.keys(plan.skipped).length,
      scenarios_skipped: plan.skipped,
      scenarios_unusable: plan.unusable,
      factors_missing: model.success ? model.metrics.joint.missing : [],
    }),
    alerts: plan.alerts,
  }
}

interface Stressed {
  readonly portfolioId: string
  readonly portfolio: AnalyticResult<StressedPortfolio>
  readonly results: readonly ScenarioResult[]
}

function stressedPortfolio(
  book: RiskBook,
  model: AnalyticResult<RiskModel>,
): AnalyticResult<StressedPortfolio> {
  const { dollars, equity, hasEnoughMarks, lots } = book
  if (!hasEnoughMarks) return unavailable('insufficient_marks')
  const reason = noHoldingsReason(dollars, lots.length)
  if (reason !== null) return unavailable(reason)
  if (!model.success) return model
  const { joint, sensitivities } = model.metrics
  const own = portfolioSensitivities(dollars, sensitivities, joint.factors.length)
  if (!own.success) return own
  return available({ sensitivities: own.metrics, lossLimit: lossLimit(lots, equity) })
}

/** One result per scenario: figures, or why there are none. */
function resultsOf(
  { scenarios }: ScenarioPlan,
  model: AnalyticResult<RiskModel>,
  portfolio: AnalyticResult<StressedPortfolio>,
): readonly ScenarioResult[] {
  return scenarios.map(({ scenarioId, moves }): ScenarioResult => {
    if (!portfolio.success) return { scenarioId, result: portfolio.reason }
    if (!moves.success) return { scenarioId, result: moves.reason }
    if (!model.success) return { scenarioId, result: model.reason }
    const outcome = portfolioStress(model.metrics.joint, portfolio.metrics, moves.metrics)
    return { scenarioId, result: roundStress(outcome) ?? 'ill_conditioned' }
  })
}
