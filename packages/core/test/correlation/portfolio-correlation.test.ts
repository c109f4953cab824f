import { describe, expect, test } from '@jest/globals'
import { portfolioCorrelation, returnColumns } from '../../src/correlation/index.ts'
import { pairCorrelation } from '../../src/correlation/pair-correlation.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { option, privateLot, shares } from '../exposures/exposure-world.ts'
import { returnPanel, without } from '../factors/return-world.ts'
import { combine, randomColumns } from '../regression/random-columns.ts'

const LENGTH = 120
const LIMITS = { minWeight: 0.01, minValue: 10_000 }
const square = (t: number, period: number) => (Math.floor(t / period) % 2 === 0 ? 0.01 : -0.01)
/** Over the last 90 sessions (30 to 119) these have mean 0 and no correlation: each has equal halves. */
const wave = (period: number) =>
  Float64Array.from({ length: LENGTH }, (_, t) => square(t - 30, period))
const [x, y] = [wave(1), wave(45)]
const [noise = new Float64Array(), other = new Float64Array()] = randomColumns(41, 2, LENGTH)
const columns = returnColumns(
  returnPanel({
    X: x,
    Y: y,
    TWICE: x.map((value) => 2 * value),
    AGAINST: x.map((value) => -value),
    NOISE: noise,
    GAPPY: without(combine([noise, other], [1, 1]), [50, 60, 70]),
    YOUNG: other.map((value, t) => (t < LENGTH - 29 ? NaN : value)),
    FLAT: new Float64Array(LENGTH).fill(0.001),
    EMPTY: new Float64Array(LENGTH).fill(NaN),
  }),
  LENGTH - 1,
)
const of = (...lots: Parameters<typeof portfolioCorrelation>[1]) =>
  portfolioCorrelation(columns, lots, LIMITS)

describe('correlations of a portfolio', () => {
  test('two equal holdings that move as one are one position, against each other no risk at all', () => {
    const same = metricsOf(of(shares('X', '50000'), shares('TWICE', '50000')))
    expect([...same.matrix]).toEqual([1])
    expect(same.effectivePositions).toBeCloseTo(1, 13)
    expect(same.overallCorrelation).toBeCloseTo(1, 13)
    const hedged = metricsOf(of(shares('X', '50000'), shares('TWICE', '-50000')))
    expect(hedged.effectivePositions).toBeNull()
    const opposite = metricsOf(of(shares('X', '50000'), shares('AGAINST', '-50000')))
    expect(opposite.overallCorrelation).toBeCloseTo(-1, 13)
    expect(opposite.effectivePositions).toBeCloseTo(1, 13)
  })

  test('two equal holdings with ρ of 0.5 are 1.33 positions', () => {
    const half = combine([x, y], [0.5, Math.sqrt(0.75)])
    const known = returnColumns(returnPanel({ X: x, HALF: half }), LENGTH - 1)
    const lots = [shares('X', '50000'), shares('HALF', '50000')]
    const metrics = metricsOf(portfolioCorrelation(known, lots, LIMITS))
    // 90 sessions of two halves: Σx·y is not exactly 0 when a half has an odd number of sessions.
    expect(metrics.overallCorrelation).toBeCloseTo(0.5, 1)
    const rho = metrics.overallCorrelation ?? NaN
    expect(metrics.effectivePositions).toBeCloseTo(1 / (0.5 + 0.5 * rho), 12)
  })

  test('are laid out as the strict upper triangle, row by row, symbols in ascending order', () => {
    const lots = ['NOISE', 'X', 'GAPPY', 'Y'].map((symbol) => shares(symbol, '50000'))
    const { symbols, matrix } = metricsOf(of(...lots))
    expect(symbols).toEqual(['GAPPY', 'NOISE', 'X', 'Y'])
    const rho = (one: string, two: string) => {
      const [a, b] = [one, two].map((name) => columns.bySymbol.get(name as Ticker))
      if (a === undefined || b === undefined) throw new Error('unknown')
      return Math.fround(pairCorrelation(a, b))
    }
    expect([...matrix]).toEqual([
      rho('GAPPY', 'NOISE'),
      rho('GAPPY', 'X'),
      rho('GAPPY', 'Y'),
      rho('NOISE', 'X'),
      rho('NOISE', 'Y'),
      rho('X', 'Y'),
    ])
  })

  test('net the lots of a symbol and do not depend on their order', () => {
    const lots = [shares('X', '30000'), shares('Y', '40000'), shares('X', '20000')]
    const netted = metricsOf(of(shares('X', '50000'), shares('Y', '40000')))
    expect(metricsOf(of(...lots))).toEqual(netted)
    expect(metricsOf(of(...lots.toReversed()))).toEqual(netted)
  })

  test('leave out what is small, unknown, constant or too young, and list it', () => {
    const lots = ['X', 'Y', 'YOUNG', 'FLAT', 'EMPTY', 'UNKNOWN'].map((s) => shares(s, '50000'))
    const metrics = metricsOf(of(...lots, shares('NOISE', '9999'), shares('TWICE', '1000')))
    expect(metrics.symbols).toEqual(['X', 'Y'])
    expect(metrics.excluded).toEqual([
      { symbol: 'EMPTY', reason: 'no_returns' },
      { symbol: 'FLAT', reason: 'constant_returns' },
      { symbol: 'NOISE', reason: 'below_threshold' },
      { symbol: 'TWICE', reason: 'below_threshold' },
      { symbol: 'UNKNOWN', reason: 'no_returns' },
      { symbol: 'YOUNG', reason: 'few_common_returns' },
    ])
  })

  test('take the two largest of a small portfolio', () => {
    const lots = [shares('X', '300'), shares('Y', '-200'), shares('NOISE', '100')]
    expect(metricsOf(of(...lots)).symbols).toEqual(['X', 'Y'])
  })

  test('know neither options nor PRIVATE lots', () => {
    const lots = [option('X', '90000', 500_000), privateLot('900000'), shares('Y', '20000')]
    expect(metricsOf(of(...lots))).toMatchObject({
      symbols: ['Y'],
      overallCorrelation: null,
      effectivePositions: 1,
    })
  })

  test.each([
    { reason: 'no_active_positions', lots: [] },
    { reason: 'no_public_positions', lots: [privateLot('1')] },
    { reason: 'no_public_positions', lots: [shares('X', '5'), shares('X', '-5')] },
    { reason: 'no_price_data', lots: [shares('X', '5', { priceStatus: 'missing' })] },
    { reason: 'no_price_data', lots: [shares('EMPTY', '5'), shares('FLAT', '5')] },
    { reason: 'insufficient_observations', lots: [shares('X', '5'), shares('YOUNG', '5')] },
  ])('are missing with a reason: $reason', ({ reason, lots }) => {
    expect(of(...lots)).toEqual({ success: false, reason })
  })

  test('that do not fit together are repaired', () => {
    // Each pair shares 30 sessions of its own, on which the two are opposites: impossible for three.
    const up = wave(1)
    const part = (signs: readonly number[]) =>
      up.map((value, t) => value * (signs[Math.floor((t - 30) / 30)] ?? NaN))
    const known = returnColumns(
      returnPanel({ A: part([1, NaN, 1]), B: part([-1, 1, NaN]), C: part([NaN, -1, -1]) }),
      LENGTH - 1,
    )
    const lots = ['A', 'B', 'C'].map((symbol) => shares(symbol, '50000'))
    const metrics = metricsOf(portfolioCorrelation(known, lots, LIMITS))
    expect(metrics).toMatchObject({ isRepaired: true, observations: 60 })
    for (const rho of metrics.matrix) expect(rho).toBeCloseTo(-0.5, 6)
    expect(metrics.effectivePositions).toBeNull()
  })
})
