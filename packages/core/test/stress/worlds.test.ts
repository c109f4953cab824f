import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { INTEREST_RATE, MARKET, scenarioMoves } from '../../src/stress/index.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { option, privateLot, shares } from '../exposures/exposure-world.ts'
import { returnPanel, without } from '../factors/return-world.ts'
import { DURATION, stressOf, stressReturns, world, worldOf } from './stress-world.ts'

const sumOf = (shares_: Readonly<Record<string, number>>) =>
  Object.values(shares_).reduce((sum, share) => sum + share, 0)

describe('a market that falls', () => {
  test('by 10 % costs a book of 1.5 times its equity in SPY 15 %', () => {
    const { directPnl, correlatedPnl, pnlStdError } = stressOf(
      [shares('SPY', '150000')],
      { [MARKET]: -0.1 },
      { equity: '100000' },
    )
    expect(directPnl).toBeCloseTo(-15_000, 7)
    expect(correlatedPnl).toBeCloseTo(-15_000, 6)
    expect(pnlStdError).toBeCloseTo(0, 7)
  })

  test('costs an SPY holder 5 % under a flight to quality, direct and correlated', () => {
    const shocks = { Quality: 0.12, [MARKET]: -0.05 }
    const { directPnl, correlatedPnl } = stressOf([shares('SPY', '100000')], shocks)
    expect(directPnl).toBeCloseTo(-5_000, 7)
    expect(correlatedPnl).toBeCloseTo(-5_000, 6)
  })

  test('alone and with the residual moves it implies is the same scenario', () => {
    const lots = [shares('AAA', '60000'), shares('BBB', '-40000'), shares('TLT', '30000')]
    const alone = metricsOf(scenarioMoves(world.model, { shocks: { [MARKET]: -0.1 } }, DURATION))
    const implied = Object.fromEntries(
      world.model.factors.flatMap(({ name, marketBeta }, k): [string, number][] => {
        const move = alone.correlated[k] ?? NaN
        // A shock to rates is a change of yields, of which −D is the return of TLT, γ·s + residual.
        const isRate = name === INTEREST_RATE
        return [[name, isRate ? -(marketBeta * -0.1 + move) / DURATION : move]]
      }),
    )
    const one = stressOf(lots, { [MARKET]: -0.1 })
    const other = stressOf(lots, implied)
    expect(Math.abs(other.correlatedPnl / one.correlatedPnl - 1)).toBeLessThan(1e-9)
    expect(other.correlationEffect).toBeCloseTo(0, 9)
  })
})

describe('rates that rise by 100 basis points', () => {
  const shocks = { [INTEREST_RATE]: 0.01 }
  const lots = [shares('TLT', '100000')]

  test('cost a TLT holder 16.5 % directly, and as much conditionally within the ridge’s shrinkage', () => {
    const { directPnl, correlatedPnl } = stressOf(lots, shocks)
    expect(directPnl).toBeCloseTo(-16_500, 7)
    expect(Math.abs(correlatedPnl / -16_500 - 1)).toBeLessThan(0.015)
    expect(Math.abs(correlatedPnl / -16_500 - 1)).toBeGreaterThan(0.001)
  })

  test('help one who is short of TLT and do what falling rates do, reversed', () => {
    const short = stressOf([shares('TLT', '-100000')], shocks)
    expect(short.directPnl).toBeCloseTo(16_500, 7)
    const falling = stressOf(lots, { [INTEREST_RATE]: -0.01 })
    expect(falling.correlatedPnl).toBeCloseTo(short.correlatedPnl, 7)
  })

  test('with the market shocked too leave to rates what the market does not explain of TLT', () => {
    const { model } = world
    const rate = model.factors.findIndex(({ name }) => name === INTEREST_RATE)
    const gamma = model.factors[rate]?.marketBeta ?? NaN
    const { direct, rateReturn } = metricsOf(
      scenarioMoves(model, { shocks: { ...shocks, [MARKET]: -0.1 } }, DURATION),
    )
    expect(rateReturn).toBeNull()
    expect(direct[rate]).toBeCloseTo(-0.165 + 0.1 * gamma, 14)
    const { directPnl } = stressOf(lots, { ...shocks, [MARKET]: -0.1 })
    expect(Math.abs(directPnl / -16_500 - 1)).toBeLessThan(0.015)
  })
})

describe('shares of factors', () => {
  test('add up to the total, direct and correlated', () => {
    const lots = [shares('AAA', '60000'), shares('BBB', '40000')]
    const shocks = { [MARKET]: -0.2, 'Low Volatility': -0.3, Quality: 0.15, Size: -0.1 }
    const outcome = stressOf(lots, shocks)
    expect(sumOf(outcome.factorImpacts)).toBeCloseTo(outcome.correlatedPnl, 8)
    expect(sumOf(outcome.directImpacts)).toBeCloseTo(outcome.directPnl, 8)
    expect(Object.keys(outcome.directImpacts).sort()).toEqual(Object.keys(shocks).sort())
    expect(outcome.correlationEffect).toBe(outcome.correlatedPnl - outcome.directPnl)
  })

  test('of an unlevered long-only book stop together at its market value', () => {
    const lots = [shares('AAA', '100000'), privateLot('50000')]
    const shocks = { [MARKET]: -0.9, Value: -0.5 }
    const free = stressOf(lots, shocks, { equity: '140000' })
    expect(free.directPnl).toBeLessThan(-100_000)
    const floored = stressOf(lots, shocks, { equity: '150000' })
    expect(floored.directPnl).toBe(-100_000)
    expect(sumOf(floored.directImpacts)).toBeCloseTo(-100_000, 8)
    const ratio = (outcome: typeof free) =>
      (outcome.directImpacts['Value'] ?? NaN) / (outcome.directImpacts[MARKET] ?? NaN)
    expect(ratio(floored)).toBeCloseTo(ratio(free), 12)
    const gain = stressOf(lots, { [MARKET]: 5 }, { equity: '150000' })
    expect(gain.directPnl).toBeGreaterThan(500_000)
  })
})

describe('the band of a stress', () => {
  test('is the shock times the standard error, added up by squares', () => {
    const lots = [shares('AAA', '60000'), shares('BBB', '40000')]
    const errorOf = (symbol: string, k: number) =>
      [...world.sensitivities].find(([name]) => name === symbol)?.[1].stdErrors[k] ?? NaN
    const value = world.model.factors.findIndex(({ name }) => name === 'Value')
    const expected = Math.hypot(
      0.1 * Math.hypot(60_000 * errorOf('AAA', 0), 40_000 * errorOf('BBB', 0)),
      0.2 * Math.hypot(60_000 * errorOf('AAA', value), 40_000 * errorOf('BBB', value)),
    )
    const { pnlStdError } = stressOf(lots, { [MARKET]: -0.1, Value: 0.2 })
    expect(pnlStdError).toBeCloseTo(expected, 8)
    expect(pnlStdError).toBeGreaterThan(0)
  })
})

describe('books', () => {
  const shocks = { [MARKET]: -0.15, 'Low Volatility': -0.25 }
  const amount = fc.integer({ min: -1_000_000, max: 1_000_000 })
  const lots = fc.array(fc.tuple(fc.constantFrom('SPY', 'AAA', 'BBB', 'TLT', 'GAPPY'), amount), {
    minLength: 1,
    maxLength: 6,
  })
  const gappy = worldOf(
    returnPanel({
      ...stressReturns(),
      GAPPY: without(stressReturns()['AAA'] ?? new Float64Array(), [250, 260]),
    }),
  )
  const stress = (held: readonly (readonly [string, number])[]) =>
    // No equity: nothing is floored.
    stressOf(
      held.map(([symbol, dollars]) => shares(symbol, String(dollars))),
      shocks,
      {
        equity: '-100000000',
        of: gappy,
      },
    )

  test('merged lose the sum of what both lose, gaps in returns or not', () => {
    fc.assert(
      fc.property(lots, lots, (one, two) => {
        const [a, b, both] = [stress(one), stress(two), stress([...one, ...two])]
        expect(Math.abs(both.correlatedPnl - a.correlatedPnl - b.correlatedPnl)).toBeLessThan(1e-6)
        expect(Math.abs(both.directPnl - a.directPnl - b.directPnl)).toBeLessThan(1e-6)
      }),
      { seed: 7, numRuns: 100 },
    )
  })

  test('that hold a long and a short of the same lot lose nothing and are sure of it', () => {
    const outcome = stress([
      ['AAA', 5000],
      ['AAA', -5000],
    ])
    expect(outcome).toMatchObject({ directPnl: 0, correlatedPnl: 0, pnlStdError: 0 })
  })

  test('of options lose by their delta, PRIVATE lots never', () => {
    const direct = stressOf([shares('AAA', '25000')], shocks)
    const through = stressOf([option('AAA', '3000', 25_000), privateLot('9000')], shocks, {
      equity: '1',
    })
    expect(through.correlatedPnl).toBe(direct.correlatedPnl)
  })
})
