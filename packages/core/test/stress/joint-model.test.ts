import { describe, expect, test } from '@jest/globals'
import { symbolDollars } from '../../src/exposures/symbol-dollars.ts'
import { computeFactors } from '../../src/factors/compute-factors.ts'
import { calculatedBeta, returnSeries } from '../../src/portfolio-returns/index.ts'
import { prepareDesign } from '../../src/regression/index.ts'
import { conditionalMoves } from '../../src/stress/conditional-moves.ts'
import { ewmaCovariance } from '../../src/stress/ewma-covariance.ts'
import {
  INTEREST_RATE,
  jointFactors,
  jointModel,
  MARKET,
  portfolioSensitivities,
  scenarioMoves,
  symbolSensitivities,
} from '../../src/stress/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { shares } from '../exposures/exposure-world.ts'
import { factor } from '../factors/definitions.ts'
import { estimateOf, returnPanel, without } from '../factors/return-world.ts'
import { fitColumns } from '../regression/fit-columns.ts'
import { combine } from '../regression/random-columns.ts'
import { DURATION, FACTORS, LAST, LENGTH, stressReturns, world, worldOf } from './stress-world.ts'

const returns = stressReturns()
const returnsOf = (symbol: string) => returns[symbol] ?? new Float64Array()
const all = Array.from({ length: LENGTH }, (_, t) => t)
/** All sessions but the last `kept`. */
const before = (kept: number) => all.slice(0, LENGTH - kept)

describe('the joint model', () => {
  test('has the market first, the styles in order, rates last', () => {
    expect(world.model.factors.map(({ name }) => name)).toEqual([
      MARKET,
      'Momentum',
      'Value',
      'Growth',
      'Size',
      'Quality',
      'Low Volatility',
      INTEREST_RATE,
    ])
    expect(world.model).toMatchObject({ missing: [], covariance: { size: 8, observations: 252 } })
  })

  test('has residuals that do not move with the market over its window', () => {
    const [market] = world.model.factors
    for (const { moves } of world.model.factors.slice(1)) {
      const product = moves.reduce((sum, move, t) => sum + move * (market?.moves[t] ?? NaN), 0)
      expect(product).toBeCloseTo(0, 14)
    }
  })

  test('reads its factors from the active definitions', () => {
    const definitions = [
      factor('ridge_regression', 'VTV', { name: 'Value', displayOrder: 4 }),
      factor('ridge_regression', 'MTUM', { name: 'Momentum', displayOrder: 3 }),
      factor('ridge_regression', 'VUG', { name: 'Growth', displayOrder: 5, isActive: false }),
      factor('ols_market', 'SPY', { name: 'Market Beta (90D)', displayOrder: 0 }),
      factor('ols_ir', 'TLT', { name: 'IR Beta', displayOrder: 2 }),
    ]
    const factors = jointFactors(definitions)
    expect(factors?.market).toEqual({ name: MARKET, proxy: 'SPY' })
    expect(factors?.others.map(({ name }) => name)).toEqual(['Momentum', 'Value', INTEREST_RATE])
    expect(jointFactors(definitions.slice(0, 2))).toBeNull()
  })

  test('goes on without a proxy that has no history or only repeats the market', () => {
    const panel = returnPanel({
      ...returns,
      TLT: without(returnsOf('TLT'), before(59)),
      QUAL: combine([returnsOf('SPY')], [2]),
    })
    const { model, sensitivities } = worldOf(panel)
    expect(model.missing).toEqual(['Quality', INTEREST_RATE])
    expect(model.factors).toHaveLength(6)
    expect(sensitivities.get('AAA' as Ticker)?.rateBeta).toBeNaN()
    const rates = scenarioMoves(model, { shocks: { [INTEREST_RATE]: 0.01 } }, DURATION)
    expect(rates).toEqual({ success: false, reason: 'no_factor_exposures' })
    const market = metricsOf(scenarioMoves(model, { shocks: { [MARKET]: 0.05 } }, DURATION))
    expect(market.direct[0]).toBe(0.05)
  })

  test.each([
    { reason: 'no_price_data', of: { ...returns, SPY: undefined } },
    {
      reason: 'insufficient_observations',
      of: { ...returns, SPY: without(returnsOf('SPY'), before(59)) },
    },
  ])('does not exist without a market: $reason', ({ reason, of }) => {
    const known = Object.entries(of).flatMap(([name, values]) =>
      values === undefined ? [] : [[name, values]],
    )
    const panel = returnPanel(Object.fromEntries(known) as typeof returns)
    expect(jointModel(panel, LAST, FACTORS)).toEqual({ success: false, reason })
  })
})

describe('sensitivities', () => {
  const last90 = (symbol: string) => returnsOf(symbol).subarray(LENGTH - 90)

  test('of a symbol are its market beta and the ridge on what it returns beyond that', () => {
    const own = world.sensitivities.get('AAA' as Ticker)
    const beta = metricsOf(calculatedBeta(returnSeries(last90('AAA')), last90('SPY'))).beta
    expect(own?.coefficients[0]).toBeCloseTo(beta, 13)
    const residual = combine([last90('AAA'), last90('SPY')], [1, -beta])
    const prepared = prepareDesign(
      world.model.factors.slice(1).map(({ moves }) => moves),
      1,
    )
    if (!prepared.ok) throw new Error(prepared.reason)
    const fits = fitColumns(prepared.design, [residual])
    for (const [k, expected] of fits.beta.entries()) {
      expect(own?.coefficients[k + 1]).toBeCloseTo(expected, 12)
      expect(own?.stdErrors[k + 1]).toBeCloseTo(fits.stdError[k] ?? NaN, 12)
    }
  })

  test('are the betas that the factors have of market and rates', () => {
    const definitions = [
      factor('ols_market', 'SPY', { name: 'market' }),
      factor('ols_ir', 'TLT', { name: 'rates' }),
    ]
    const panel = returnPanel(returns)
    const inputs = { returns: panel, definitions, sessionIndex: LAST, providerBetas: new Map() }
    const result = computeFactors(inputs)
    for (const symbol of ['SPY', 'QUAL', 'TLT', 'AAA', 'BBB']) {
      const own = world.sensitivities.get(symbol as Ticker)
      const market = estimateOf(result, 'market', symbol)
      expect(own?.coefficients[0]).toBe(market?.beta)
      expect(own?.stdErrors[0]).toBe(market?.stdError)
      expect(own?.rateBeta).toBe(estimateOf(result, 'rates', symbol)?.beta)
    }
  })

  test('of a portfolio are those of its own return series', () => {
    const held = symbolDollars([shares('AAA', '60000'), shares('BBB', '-30000')])
    const { model, sensitivities } = world
    const sum = metricsOf(portfolioSensitivities(held, sensitivities, model.factors.length))
    const series = combine([returnsOf('AAA'), returnsOf('BBB')], [60_000, -30_000])
    const mapped = worldOf(returnPanel({ ...returns, SERIES: series }))
    const own = mapped.sensitivities.get('SERIES' as Ticker)
    for (const [k, dollars] of sum.dollars.entries()) {
      expect(dollars).toBeCloseTo(own?.coefficients[k] ?? NaN, 6)
    }
    expect(sum.rateDollars).toBeCloseTo(own?.rateBeta ?? NaN, 6)
  })

  test('need 63 returns of the 90; what lacks them lowers coverage', () => {
    const panel = returnPanel({
      ...returns,
      YOUNG: without(returnsOf('AAA'), before(62)),
      ENOUGH: without(returnsOf('AAA'), before(63)),
    })
    const model = metricsOf(jointModel(panel, LAST, FACTORS))
    const sensitivities = symbolSensitivities(panel, LAST, model)
    expect(sensitivities.has('ENOUGH' as Ticker)).toBe(true)
    expect(sensitivities.has('YOUNG' as Ticker)).toBe(false)
    const of = (...lots: Parameters<typeof symbolDollars>[0]) =>
      portfolioSensitivities(symbolDollars(lots), sensitivities, model.factors.length)
    const covered = metricsOf(of(shares('AAA', '75'), shares('YOUNG', '25')))
    expect(covered).toMatchObject({ coveragePct: 75, leftOut: ['YOUNG'] })
    const reason = 'no_factor_exposures'
    expect(of(shares('YOUNG', '25'))).toEqual({ success: false, reason })
  })
})

describe('the covariance', () => {
  test('weighs a session 0.94 times the one after it', () => {
    const { values, observations } = ewmaCovariance([
      Float64Array.of(0.02, NaN, 0.01),
      Float64Array.of(0.01, 0.05, -0.03),
    ])
    const weight = 0.94 ** 2
    expect(observations).toBe(2)
    expect(values[0]).toBeCloseTo((weight * 4e-4 + 1e-4) / (weight + 1), 18)
    expect(values[1]).toBeCloseTo((weight * 2e-4 - 3e-4) / (weight + 1), 18)
    expect(values[2]).toBe(values[1])
  })
})

describe('conditional moves', () => {
  const covariance = { size: 2, values: Float64Array.of(4, 3, 3, 9), observations: 99 }

  test('of one factor given the other are the slope of one on the other', () => {
    const weights = Float64Array.of(1, 0)
    expect([...(conditionalMoves(covariance, [{ weights, value: 2 }]) ?? [])]).toEqual([2, 1.5])
  })

  test('given a sum add up to it', () => {
    const weights = Float64Array.of(1, 1)
    const [a = NaN, b = NaN] = conditionalMoves(covariance, [{ weights, value: 1 }]) ?? []
    expect(a + b).toBeCloseTo(1, 14)
    expect(a).toBeCloseTo((4 + 3) / (4 + 9 + 6), 14)
  })

  test('are refused when what is known is nearly dependent or never moved', () => {
    const twins = { size: 2, values: Float64Array.of(1, 1 - 1e-9, 1 - 1e-9, 1), observations: 99 }
    const both = [Float64Array.of(1, 0), Float64Array.of(0, 1)]
    expect(
      conditionalMoves(
        twins,
        both.map((weights) => ({ weights, value: 1 })),
      ),
    ).toBeNull()
    const still = { size: 1, values: Float64Array.of(0), observations: 99 }
    expect(conditionalMoves(still, [{ weights: Float64Array.of(1), value: 1 }])).toBeNull()
  })

  test('that cannot be computed skip the scenario as ill conditioned', () => {
    const panel = returnPanel({
      ...returns,
      VUG: combine([returnsOf('SPY'), returnsOf('VTV'), returnsOf('AAA')], [0.1, 1, 1e-6]),
    })
    const { model } = worldOf(panel)
    const shocks = { Value: 0.2, Growth: -0.1 }
    const reason = 'ill_conditioned'
    expect(scenarioMoves(model, { shocks }, DURATION)).toEqual({ success: false, reason })
  })
})
