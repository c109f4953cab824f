import type { AnalyticResult } from '../analytics/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import {
  loadPerformance,
  type Performance,
  type PerformanceMetrics,
  type TailRisk,
} from '../performance/index.ts'
import { parseTicker } from '../symbols/index.ts'
import { answerOf, type Found } from './envelope.ts'
import type { ReadSource } from './read-source.ts'

const BENCHMARK = parseTicker('SPY')

/** What the portfolio has returned over its record, beside SPY, and what its holdings may lose in a session. */
export async function readPerformance({ db, frame, settings, symbols }: ReadSource) {
  const [through] = frame.dates
  const found: Found<{ record: PerformanceMetrics; tailRisk: Performance['tailRisk'] }> =
    through === undefined
      ? { date: null, reason: 'no_snapshot' }
      : foundOf(
          through,
          await loadPerformance(db, {
            portfolioId: frame.portfolioId,
            through,
            riskFreeRate: settings.riskFreeRate,
            benchmark: BENCHMARK,
            priceHistory: (asked) => symbols.priceHistory(asked),
          }),
        )
  return answerOf(frame, found, ({ record, tailRisk }) => ({
    ...recordOf(record),
    benchmark: benchmarkOf(record),
    tail_risk: tailRiskOf(tailRisk),
  }))
}

function foundOf(date: SessionDate, { record, tailRisk }: Performance) {
  return record.success
    ? { date, value: { record: record.metrics, tailRisk } }
    : { date, reason: record.reason }
}

function recordOf(record: PerformanceMetrics) {
  const { drawdown, risk } = record
  return {
    from: record.from,
    to: record.to,
    time_weighted_return: record.timeWeightedReturn,
    money_weighted_return: record.moneyWeightedReturn,
    money_weighted_period_return: record.moneyWeightedPeriodReturn,
    volatility: risk?.volatility ?? null,
    sharpe: risk?.sharpe ?? null,
    sortino: risk?.sortino ?? null,
    max_drawdown: {
      depth: drawdown.depth,
      peak_date: drawdown.peakDate,
      trough_date: drawdown.troughDate,
      recovery_date: drawdown.recoveryDate,
      current: drawdown.current,
    },
    best_day: record.bestDay,
    worst_day: record.worstDay,
    months: record.months,
    observations: record.observations,
  }
}

function benchmarkOf({ benchmark }: PerformanceMetrics) {
  if (benchmark === null) return null
  return {
    symbol: BENCHMARK,
    beta: benchmark.beta,
    tracking_error: benchmark.trackingError,
    excess_return: benchmark.excessReturn,
    benchmark_return: benchmark.benchmarkReturn,
    observations: benchmark.observations,
  }
}

type Tails = Performance['tailRisk'] extends AnalyticResult<infer Metrics> ? Metrics : never

function tailRiskOf(result: AnalyticResult<Tails>) {
  if (!result.success) return { available: false as const, reason: result.reason }
  const { at95, at99, coveragePct } = result.metrics
  return {
    available: true as const,
    at_95: tailOf(at95),
    at_99: tailOf(at99),
    coverage_pct: coveragePct,
  }
}

function tailOf(tail: TailRisk | null) {
  if (tail === null) return null
  const { valueAtRisk, expectedShortfall, observations } = tail
  return { value_at_risk: valueAtRisk, expected_shortfall: expectedShortfall, observations }
}
