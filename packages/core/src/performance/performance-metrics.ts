import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import { daysBetween } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { benchmarkComparison, type BenchmarkComparison } from './benchmark-comparison.ts'
import { drawdown, type Drawdown } from './drawdown.ts'
import { linkedReturn } from './linked-return.ts'
import { moneyWeightedReturn } from './money-weighted-return.ts'
import { monthTable, type MonthReturn } from './month-table.ts'
import { comparedDays, type PerformanceDay } from './performance-day.ts'
import { rewardToRisk, type RewardToRisk } from './reward-to-risk.ts'

/** Fewest returns from which a deviation is estimated: a month. */
const MIN_RETURNS = 21
const DAYS_PER_YEAR = 365

export interface DayReturn {
  readonly date: SessionDate
  readonly return: number
}

/** Of the whole record; returns are fractions. */
export interface PerformanceMetrics {
  readonly from: SessionDate
  readonly to: SessionDate
  /** Over the period. */
  readonly timeWeightedReturn: number
  /** Per year; null when no rate fits. */
  readonly moneyWeightedReturn: number | null
  /** The same rate over the period, comparable with the time-weighted return. */
  readonly moneyWeightedPeriodReturn: number | null
  /** Null with fewer than 21 returns. */
  readonly risk: RewardToRisk | null
  readonly drawdown: Drawdown
  readonly bestDay: DayReturn
  readonly worstDay: DayReturn
  readonly months: readonly MonthReturn[]
  /** Null with fewer than 21 days that both have. */
  readonly benchmark: BenchmarkComparison | null
  /** Daily returns. */
  readonly observations: number
}

export interface PerformanceInputs {
  /** Complete snapshots in order of their dates. */
  readonly days: readonly PerformanceDay[]
  /** A fraction per year (`RISK_FREE_RATE`). */
  readonly riskFreeRate: number
  /** Simple daily total returns of the benchmark, SPY, by session. */
  readonly benchmark: ReadonlyMap<SessionDate, number>
}

/**
 * Performance of a portfolio's record. Drawdown is that of the growth of one unit, so that a withdrawal is
 * no loss. The money-weighted return takes the first equity and every flow as paid in on its date and the
 * last equity as paid out.
 *
 * Missing data: a null daily return is left out of linking and of every statistic;
 * `insufficient_observations` when there is none.
 */
export function performanceMetrics(inputs: PerformanceInputs): AnalyticResult<PerformanceMetrics> {
  const { days, riskFreeRate, benchmark } = inputs
  const measured = days.flatMap(({ date, dailyReturn }): readonly DayReturn[] =>
    dailyReturn === null ? [] : [{ date, return: dailyReturn }],
  )
  const [first, last] = [days[0], days.at(-1)]
  const [anyDay] = measured
  if (first === undefined || last === undefined || anyDay === undefined) {
    return unavailable('insufficient_observations')
  }
  const returns = measured.map((day) => day.return)
  const annual = moneyWeightedReturn(ownersFlows(days))
  const years = daysBetween(first.date, last.date) / DAYS_PER_YEAR
  const compared = comparedDays(days, benchmark)
  return available({
    from: first.date,
    to: last.date,
    timeWeightedReturn: linkedReturn(returns),
    moneyWeightedReturn: annual,
    moneyWeightedPeriodReturn: annual === null ? null : Math.expm1(Math.log1p(annual) * years),
    risk: returns.length < MIN_RETURNS ? null : rewardToRisk(returns, riskFreeRate),
    drawdown: drawdownOf(days),
    bestDay: measured.reduce((best, day) => (day.return > best.return ? day : best)),
    worstDay: measured.reduce((worst, day) => (day.return < worst.return ? day : worst)),
    months: monthTable(days),
    benchmark: compared.length < MIN_RETURNS ? null : benchmarkComparison(compared),
    observations: returns.length,
  })
}

/** What the owner paid and has: the first equity and later flows out of pocket, the last equity back. */
function ownersFlows(days: readonly PerformanceDay[]) {
  const last = days.length - 1
  return days.map(({ date, equity, capitalFlow }, i) => {
    const paidIn = i === 0 ? equity : capitalFlow
    return { date, amount: (i === last ? equity : 0) - paidIn }
  })
}

function drawdownOf(days: readonly PerformanceDay[]): Drawdown {
  let growth = 1
  const values = days.map(({ dailyReturn }) => (growth *= 1 + (dailyReturn ?? 0)))
  return drawdown(
    days.map(({ date }) => date),
    values,
  )
}
