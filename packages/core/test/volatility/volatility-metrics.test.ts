import { describe, expect, test } from '@jest/globals'
import { expectedVolatility, fitHar, forecastVariance } from '../../src/volatility/har-forecast.ts'
import { volatilityMetrics } from '../../src/volatility/index.ts'
import { rollingVolatility } from '../../src/volatility/rolling-volatility.ts'
import { volatilityTrend } from '../../src/volatility/volatility-trend.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { randomColumns } from '../regression/random-columns.ts'

const [noise = new Float64Array()] = randomColumns(21, 1, 400)
/** Returns of alternating sign and the given size. */
const alternating = (sizes: readonly number[]) =>
  Float64Array.from(sizes, (size, t) => (t % 2 === 0 ? size : -size))
const steps = (length: number, at: (t: number) => number) => Array.from({ length }, (_, t) => at(t))

describe('volatility', () => {
  test('of returns that alternate between +1 % and −1 % is 16.2 % a year', () => {
    const metrics = metricsOf(volatilityMetrics(alternating(steps(63, () => 0.01))))
    // 21 returns, 11 of one sign: mean ±0.01 ÷ 21, squares 21·0.0001 − 0.0001 ÷ 21, over 20.
    const expected = Math.sqrt(((21 * 1e-4 - 1e-4 / 21) / 20) * 252)
    expect(metrics.realized21d).toBeCloseTo(expected, 14)
    expect(metrics.realized21d).toBeCloseTo(0.1625, 4)
    expect(metrics.observations).toBe(63)
  })

  test('needs 63 returns, its percentile 252', () => {
    const of = (count: number) => volatilityMetrics(noise.subarray(0, count))
    expect(of(62)).toEqual({ success: false, reason: 'insufficient_observations' })
    expect(metricsOf(of(63)).percentile).toBeNull()
    expect(metricsOf(of(251)).percentile).toBeNull()
    expect(metricsOf(of(252)).percentile).toEqual(expect.any(Number))
  })

  test('scales with the returns', () => {
    const once = metricsOf(volatilityMetrics(noise))
    const thrice = metricsOf(volatilityMetrics(noise.map((value) => 3 * value)))
    expect(thrice.realized63d).toBeCloseTo(3 * once.realized63d, 13)
    expect(thrice.percentile).toBe(once.percentile)
  })

  test('that has never been higher has percentile 1, never lower 1 ÷ 252', () => {
    const growing = metricsOf(volatilityMetrics(alternating(steps(300, (t) => 0.001 + t * 1e-4))))
    expect(growing).toMatchObject({ percentile: 1, trend: 'increasing' })
    const falling = metricsOf(volatilityMetrics(alternating(steps(300, (t) => 0.04 - t * 1e-4))))
    expect(falling).toMatchObject({ percentile: 1 / 252, trend: 'decreasing' })
  })

  test('windows end with the last return', () => {
    const rolling = rollingVolatility(noise, 21)
    expect(rolling).toHaveLength(380)
    expect(rolling.at(-1)).toBe(metricsOf(volatilityMetrics(noise)).realized21d)
  })
})

describe('the trend of volatility', () => {
  test.each([
    { slope: 0.002, expected: 'increasing' },
    { slope: -0.002, expected: 'decreasing' },
    { slope: 0.0009, expected: 'stable' },
    { slope: 0, expected: 'stable' },
  ])('of $slope a session is $expected', ({ slope, expected }) => {
    expect(volatilityTrend(Float64Array.from(steps(21, (t) => 0.2 + slope * t)))).toBe(expected)
  })

  test('is stable when the line explains less than 30 %', () => {
    const jagged = steps(21, (t) => 0.2 + 0.002 * t + (t % 2 === 0 ? 0.1 : -0.1))
    expect(volatilityTrend(Float64Array.from(jagged))).toBe('stable')
  })
})

describe('expected volatility', () => {
  test('follows a law of motion that is exact', () => {
    // v' = 1e-5 + 0.3 v + 0.3 week + 0.2 month: the fit finds it, and 21 forecasts continue it.
    const path = Array.from(noise.subarray(0, 22), (value) => value ** 2)
    const mean = (values: readonly number[]) =>
      values.reduce((sum, v) => sum + v, 0) / values.length
    const next = () =>
      1e-5 + 0.3 * (path.at(-1) ?? NaN) + 0.3 * mean(path.slice(-5)) + 0.2 * mean(path.slice(-22))
    while (path.length < 120) path.push(next())
    const model = fitHar(Float64Array.from(path))
    expect(model?.constant).toBeCloseTo(1e-5, 9)
    expect(model?.weights[0]).toBeCloseTo(0.3, 4)
    if (model === null) throw new Error('no model')
    const forecasts = forecastVariance(model, Float64Array.from(path), 21)
    for (const forecast of forecasts) {
      expect(forecast).toBeCloseTo(next(), 10)
      path.push(next())
    }
  })

  test('is floored at zero session by session', () => {
    const model = { constant: -1, weights: [0, 0, 0] as const, observations: 1, rSquared: null }
    expect([...forecastVariance(model, noise, 3)]).toEqual([0, 0, 0])
  })

  test('does not exist when nothing moves, nothing is left, or too little is known', () => {
    expect(expectedVolatility(new Float64Array(300), 21)).toBeNull()
    expect(expectedVolatility(Float64Array.from([...noise, -1.2]), 21)).toBeNull()
    expect(expectedVolatility(noise.subarray(0, 26), 21)).toBeNull()
  })
})
