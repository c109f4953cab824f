import { describe, expect, test } from '@jest/globals'
import { addDays } from '../../src/calendar/index.ts'
import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import {
  drawdown,
  linkedReturn,
  performanceMetrics,
  tailRisk,
  type PerformanceDay,
} from '../../src/performance/index.ts'
import { moneyWeightedReturn } from '../../src/performance/money-weighted-return.ts'
import { rewardToRisk } from '../../src/performance/reward-to-risk.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { randomColumns } from '../regression/random-columns.ts'
import { sessionsFrom } from '../returns/price-world.ts'

const [spy = new Float64Array(), noise = new Float64Array()] = randomColumns(51, 2, 60)
const sessions = sessionsFrom('2024-01-02', 60)

/** Snapshots of a portfolio with the given returns and flows at the start of days. */
function record(
  returns: readonly (number | null)[],
  flows: Readonly<Record<number, number>> = {},
): readonly PerformanceDay[] {
  let equity = 1000
  return returns.map((dailyReturn, i) => {
    const capitalFlow = flows[i] ?? 0
    equity = (equity + capitalFlow) * (1 + (dailyReturn ?? 0))
    return { date: sessions[i] as SessionDate, equity, dailyReturn, capitalFlow }
  })
}

const benchmark = new Map(sessions.map((session, i) => [session, spy[i] ?? NaN]))
const performanceOf = (days: readonly PerformanceDay[], riskFreeRate = 0) =>
  metricsOf(performanceMetrics({ days, riskFreeRate, benchmark }))

describe('the time-weighted return', () => {
  test('links daily returns and leaves out those that do not exist', () => {
    expect(linkedReturn([0.1, null, -0.1])).toBeCloseTo(-0.01, 15)
    expect(linkedReturn([])).toBe(0)
  })

  test('does not change with flows', () => {
    const returns = [null, 0.1, -0.05, 0.02]
    const without = performanceOf(record(returns)).timeWeightedReturn
    expect(without).toBeCloseTo(1.1 * 0.95 * 1.02 - 1, 14)
    expect(performanceOf(record(returns, { 2: 5000 })).timeWeightedReturn).toBeCloseTo(without, 14)
  })
})

describe('the money-weighted return', () => {
  const on = (days: number, amount: number) => ({
    date: addDays('2023-01-01' as IsoDate, days),
    amount,
  })

  test('of 100 that became 110 in 365 days is 10 %, in 730 days √1.1 − 1', () => {
    expect(moneyWeightedReturn([on(0, -100), on(365, 110)])).toBeCloseTo(0.1, 13)
    expect(moneyWeightedReturn([on(0, -100), on(730, 110)])).toBeCloseTo(Math.sqrt(1.1) - 1, 13)
  })

  test('solves the present value of the flows of a spreadsheet', () => {
    const flows = [on(0, -10_000), on(60, 2750), on(303, 4250), on(411, 3250), on(456, 2750)]
    const rate = moneyWeightedReturn(flows) ?? NaN
    const days = [0, 60, 303, 411, 456]
    const value = flows.reduce(
      (sum, { amount }, i) => sum + amount / (1 + rate) ** ((days[i] ?? 0) / 365),
      0,
    )
    expect(Math.abs(value)).toBeLessThan(1e-8)
    expect(rate).toBeCloseTo(0.373362535, 8)
  })

  test('is the time-weighted one over the period when nothing flows', () => {
    const metrics = performanceOf(record([null, 0.1, -0.05, 0.02]))
    expect(metrics.moneyWeightedPeriodReturn).toBeCloseTo(metrics.timeWeightedReturn, 12)
  })

  test('is worse when money comes in before a fall', () => {
    const metrics = performanceOf(record([null, 0.1, -0.1], { 2: 9000 }))
    expect(metrics.moneyWeightedPeriodReturn ?? NaN).toBeLessThan(metrics.timeWeightedReturn)
  })

  test.each([
    { what: 'no time', flows: [on(0, -100), on(0, 110)] },
    { what: 'nothing back', flows: [on(0, -100), on(30, 0)] },
    { what: 'nothing at all', flows: [] },
  ])('does not exist with $what', ({ flows }) => {
    expect(moneyWeightedReturn(flows)).toBeNull()
  })
})

describe('reward to risk', () => {
  test('of +2 % and −1 % in turns is known by hand', () => {
    const returns = Array.from({ length: 252 }, (_, t) => (t % 2 === 0 ? 0.02 : -0.01))
    const { volatility, sharpe, sortino } = rewardToRisk(returns, 0)
    const deviation = 0.015 * Math.sqrt(252 / 251)
    expect(volatility).toBeCloseTo(deviation * Math.sqrt(252), 13)
    expect(sharpe).toBeCloseTo((0.005 / deviation) * Math.sqrt(252), 12)
    expect(sortino).toBeCloseTo((0.005 / (0.01 * Math.SQRT1_2)) * Math.sqrt(252), 12)
  })

  test('pays nothing for what is free of risk', () => {
    const excess = rewardToRisk(
      [0.01, -0.01].map((value) => value + 0.045 / 252),
      0.045,
    )
    expect(excess.sharpe).toBeCloseTo(0, 12)
    expect(rewardToRisk([0.01, 0.01], 0)).toMatchObject({ sharpe: null, sortino: null })
  })
})

describe('a drawdown', () => {
  const dates = sessions.slice(0, 4)

  test('of 100, 120, 90, 130 is 25 % from the second to the third day, recovered on the fourth', () => {
    expect(drawdown(dates, [100, 120, 90, 130])).toEqual({
      depth: -0.25,
      peakDate: dates[1],
      troughDate: dates[2],
      recoveryDate: dates[3],
      current: 0,
    })
  })

  test('has no dates when nothing ever fell, and no recovery until the peak is reached', () => {
    expect(drawdown(dates, [1, 1, 2, 3])).toMatchObject({ depth: 0, peakDate: null })
    expect(drawdown(dates, [100, 50, 60, 80])).toMatchObject({
      depth: -0.5,
      recoveryDate: null,
      current: 80 / 100 - 1,
    })
  })

  test('of a portfolio is not deepened by a withdrawal', () => {
    const metrics = performanceOf(record([null, 0.1, -0.05, 0.2], { 2: -900 }))
    expect(metrics.drawdown.depth).toBeCloseTo(-0.05, 14)
  })
})

describe('historical tail risk', () => {
  test('of −4 %, −3 %, … 16 % at 95 % is 3 %, its shortfall 3.5 %', () => {
    const returns = Float64Array.from({ length: 21 }, (_, i) => (i - 4) / 100)
    const found = tailRisk(returns, 0.95)
    expect(found?.valueAtRisk).toBeCloseTo(0.03, 15)
    expect(found?.expectedShortfall).toBeCloseTo(0.035, 15)
  })

  test('is of the last 252 returns, and not of a tail with less than one', () => {
    const returns = new Float64Array(300).fill(0.01)
    returns[10] = -0.9
    expect(tailRisk(returns, 0.99)).toMatchObject({ valueAtRisk: -0.01, observations: 252 })
    expect(tailRisk(returns.subarray(0, 99), 0.99)).toBeNull()
    expect(tailRisk(returns.subarray(0, 100), 0.99)).not.toBeNull()
    expect(tailRisk(returns.subarray(0, 20), 0.95)).not.toBeNull()
    expect(tailRisk(returns.subarray(0, 19), 0.95)).toBeNull()
  })
})

describe('performance', () => {
  test('beside SPY of a portfolio that is SPY: beta 1, no tracking error, no excess', () => {
    const { benchmark: compared } = performanceOf(record([null, ...spy.subarray(1)]))
    expect(compared?.beta).toBeCloseTo(1, 12)
    expect(compared?.trackingError).toBeCloseTo(0, 12)
    expect(compared?.excessReturn).toBeCloseTo(0, 12)
    expect(compared?.observations).toBe(59)
  })

  test('beside SPY over a stretch without snapshots links what SPY did meanwhile', () => {
    const all = record([null, ...spy.subarray(1)])
    const skipped = all
      .filter((_, i) => i !== 30)
      .map((day) => {
        const growth = (1 + (spy[30] ?? NaN)) * (1 + (spy[31] ?? NaN)) - 1
        return day.date === sessions[31] ? { ...day, dailyReturn: growth } : day
      })
    const { benchmark: compared } = performanceOf(skipped)
    expect(compared?.trackingError).toBeCloseTo(0, 12)
    expect(compared?.benchmarkReturn).toBeCloseTo(linkedReturn([...spy.subarray(1)]), 12)
  })

  test('knows its best and worst day and every month', () => {
    const returns = Array.from(noise, (value, i) => (i === 0 ? null : value / 10))
    returns[25] = 0.2
    returns[40] = -0.2
    const metrics = performanceOf(record(returns))
    expect(metrics.bestDay).toEqual({ date: sessions[25], return: 0.2 })
    expect(metrics.worstDay).toEqual({ date: sessions[40], return: -0.2 })
    expect(metrics.months.map(({ month }) => month)).toEqual(['2024-01', '2024-02', '2024-03'])
    const linked = linkedReturn(metrics.months.map((month) => month.return))
    expect(linked).toBeCloseTo(metrics.timeWeightedReturn, 13)
  })

  test('has no risk figures before 21 returns and none at all before the first', () => {
    const returns = [null, ...noise.subarray(0, 20)]
    expect(performanceOf(record(returns))).toMatchObject({ risk: null, benchmark: null })
    const longer = performanceOf(record([...returns, 0.01]))
    expect(longer.risk).not.toBeNull()
    const reason = 'insufficient_observations'
    const none = { riskFreeRate: 0, benchmark }
    expect(performanceMetrics({ ...none, days: record([null]) })).toEqual({
      success: false,
      reason,
    })
    expect(performanceMetrics({ ...none, days: [] })).toEqual({ success: false, reason })
  })
})
