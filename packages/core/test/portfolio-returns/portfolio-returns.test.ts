import { describe, expect, test } from '@jest/globals'
import { symbolDollars } from '../../src/exposures/symbol-dollars.ts'
import {
  calculatedBeta,
  holdingsReturns,
  providerBeta,
  returnHistory,
  returnSeries,
  windowOf,
} from '../../src/portfolio-returns/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { option, privateLot, shares } from '../exposures/exposure-world.ts'
import { returnPanel, without } from '../factors/return-world.ts'
import { combine, randomColumns } from '../regression/random-columns.ts'

const LENGTH = 300
const [spy = new Float64Array(), a = new Float64Array(), b = new Float64Array()] = randomColumns(
  31,
  3,
  LENGTH,
)
const gappy = without(b, [200, 250])
const young = b.map((value, t) => (t < LENGTH - 62 ? NaN : value))
const panel = returnPanel({ SPY: spy, A: a, B: b, GAPPY: gappy, YOUNG: young })
const history = returnHistory(panel, LENGTH - 1)
const marketWindow = windowOf(history, 'SPY' as Ticker)
const EQUITY = 100_000_00

const seriesOf = (...lots: Parameters<typeof symbolDollars>[0]) =>
  holdingsReturns(history, symbolDollars(lots), EQUITY)

describe('the return series of what is held today', () => {
  test('adds up the symbols by net dollars over equity: 0.6·A − 0.3·B', () => {
    const series = metricsOf(
      seriesOf(shares('A', '40000'), shares('A', '20000'), shares('B', '-30000')),
    )
    expect(series.positions).toHaveLength(274)
    const expected = combine([a, b], [0.6, -0.3]).subarray(LENGTH - 274)
    for (const [t, value] of series.values.entries())
      expect(value).toBeCloseTo(expected[t] ?? NaN, 15)
    expect(series).toMatchObject({ coveragePct: 100, leftOut: [] })
  })

  test('takes options through their underlying by their delta', () => {
    const direct = metricsOf(seriesOf(shares('A', '25000')))
    const through = metricsOf(seriesOf(option('A', '3000', 25_000)))
    expect(through.values).toEqual(direct.values)
  })

  test('leaves out a symbol with fewer than 63 returns and says how much it covers', () => {
    const series = metricsOf(seriesOf(shares('A', '30000'), shares('YOUNG', '10000')))
    expect(series).toMatchObject({ coveragePct: 75, leftOut: ['YOUNG'] })
    expect(series.values).toEqual(metricsOf(seriesOf(shares('A', '30000'))).values)
  })

  test('has no session on which a symbol held lacks its return', () => {
    const series = metricsOf(seriesOf(shares('A', '10000'), shares('GAPPY', '10000')))
    const start = LENGTH - 274
    expect(series.positions).toHaveLength(272)
    expect([...series.positions]).not.toContain(200 - start)
    expect([...series.positions]).toContain(201 - start)
  })

  test('does not mind the gaps of a symbol that is held long and short alike', () => {
    const lots = [shares('GAPPY', '500'), shares('GAPPY', '-500')]
    const series = metricsOf(seriesOf(shares('A', '1000'), ...lots))
    expect(series.positions).toHaveLength(274)
    expect(metricsOf(seriesOf(...lots)).values.every((value) => value === 0)).toBe(true)
  })

  test('does not know PRIVATE lots', () => {
    const lots = [shares('A', '30000'), privateLot('70000')]
    expect(metricsOf(seriesOf(...lots)).values).toEqual(
      metricsOf(seriesOf(lots[0] as never)).values,
    )
  })

  test.each([
    { reason: 'no_price_data', symbol: 'UNKNOWN', equity: EQUITY },
    { reason: 'insufficient_observations', symbol: 'YOUNG', equity: EQUITY },
    { reason: 'ill_conditioned', symbol: 'A', equity: 0 },
  ])('is missing with a reason: $reason', ({ reason, symbol, equity }) => {
    const held = symbolDollars([shares(symbol, '1000')])
    expect(holdingsReturns(history, held, equity)).toEqual({ success: false, reason })
  })

  test('uses nothing after the date', () => {
    const past = returnHistory(panel, 199)
    expect(past.sessions.at(-1)).toBe(panel.sessions[199])
    expect(windowOf(past, 'GAPPY' as Ticker)?.every((value) => !Number.isNaN(value))).toBe(true)
  })
})

describe('the beta of a portfolio', () => {
  test('that holds 1.5 times its equity in the market is 1.5, with R² of 1', () => {
    const series = metricsOf(seriesOf(shares('SPY', '150000')))
    const beta = metricsOf(calculatedBeta(series, marketWindow))
    expect(beta.beta).toBeCloseTo(1.5, 13)
    expect(beta).toMatchObject({ rSquared: 1, observations: 90 })
  })

  test('equals the sum of its symbols’ betas by weight', () => {
    const betaOf = (symbol: string, dollars: string) =>
      metricsOf(calculatedBeta(metricsOf(seriesOf(shares(symbol, dollars))), marketWindow)).beta
    const both = metricsOf(seriesOf(shares('A', '60000'), shares('B', '-30000')))
    const sum = betaOf('A', '60000') + betaOf('B', '-30000')
    expect(metricsOf(calculatedBeta(both, marketWindow)).beta).toBeCloseTo(sum, 13)
  })

  test('uses the sessions on which the market has a return, thirty at least', () => {
    const series = returnSeries(a.subarray(LENGTH - 274))
    const sparse = (kept: number) =>
      spy.subarray(LENGTH - 274).map((value, t) => (t < 274 - kept ? NaN : value))
    expect(metricsOf(calculatedBeta(series, sparse(30))).observations).toBe(30)
    const reason = 'insufficient_observations'
    expect(calculatedBeta(series, sparse(29))).toEqual({ success: false, reason })
    expect(calculatedBeta(series, null)).toEqual({ success: false, reason: 'no_price_data' })
  })

  test('of a book that never moves is 0 without R²', () => {
    const still = metricsOf(seriesOf(shares('A', '500'), shares('A', '-500')))
    expect(metricsOf(calculatedBeta(still, marketWindow))).toMatchObject({
      beta: 0,
      rSquared: null,
    })
  })
})

describe('the provider’s beta', () => {
  const betas = new Map([['A', 1.2]]) as unknown as ReadonlyMap<Ticker, number>

  test('weights what companies publish by net dollars over equity: 0.6 · 1.2', () => {
    const held = symbolDollars([shares('A', '60000'), shares('B', '20000')])
    const { beta, coveragePct } = metricsOf(providerBeta(held, EQUITY, betas))
    expect(beta).toBeCloseTo(0.72, 14)
    expect(coveragePct).toBe(75)
  })

  test('is missing with a reason', () => {
    const held = symbolDollars([shares('B', '20000')])
    const reason = 'no_factor_exposures'
    expect(providerBeta(held, EQUITY, betas)).toEqual({ success: false, reason })
    expect(providerBeta(held, -1, betas)).toEqual({ success: false, reason: 'ill_conditioned' })
  })
})
