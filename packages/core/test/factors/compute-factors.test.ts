import { describe, expect, test } from '@jest/globals'
import { computeFactors, type FactorInputs } from '../../src/factors/compute-factors.ts'
import type { FactorDefinition } from '../../src/factors/definition.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { combine, randomColumns } from '../regression/random-columns.ts'
import { factor } from './definitions.ts'
import { estimateOf, returnPanel, without } from './return-world.ts'

const SESSIONS = 200
const LAST = SESSIONS - 1
const [spy, mtum, vtv, noise] = randomColumns(21, 4, SESSIONS) as [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
]

const MARKET = factor('ols_market', 'SPY', { name: 'market' })
const MOMENTUM = factor('ridge_regression', 'MTUM', { name: 'momentum' })
const VALUE = factor('ridge_regression', 'VTV', { name: 'value' })
const SPREAD = factor('spread_regression', 'MTUM-SPY', {
  name: 'spread',
  windowDays: 180,
  minObservations: 60,
})

function compute(
  returns: Readonly<Record<string, Float64Array>>,
  definitions: readonly FactorDefinition[],
  changes: Partial<FactorInputs> = {},
) {
  return computeFactors({
    returns: returnPanel(returns),
    sessionIndex: LAST,
    definitions,
    providerBetas: new Map(),
    ...changes,
  })
}

const lastSessions = (count: number) => Array.from({ length: count }, (_, i) => LAST - i)
const allButLast = (count: number) => Array.from({ length: SESSIONS - count }, (_, t) => t)

describe('market beta', () => {
  test('of a symbol that always returns 1.5 times SPY is 1.5, without error', () => {
    const result = compute({ SPY: spy, A: combine([spy], [1.5]) }, [MARKET])
    expect(estimateOf(result, 'market', 'A')).toEqual({
      beta: expect.closeTo(1.5, 13),
      stdError: 0,
      tStat: NaN,
      rSquared: 1,
      observations: 90,
      quality: 'full_history',
    })
  })

  test('of SPY on itself is 1', () => {
    const result = compute({ SPY: spy }, [MARKET])
    expect(estimateOf(result, 'market', 'SPY')).toMatchObject({
      beta: expect.closeTo(1, 14),
      rSquared: 1,
    })
  })

  test('of a symbol whose price stands still is 0, without R²', () => {
    const result = compute({ SPY: spy, CASH: new Float64Array(SESSIONS) }, [MARKET])
    expect(estimateOf(result, 'market', 'CASH')).toMatchObject({
      beta: 0,
      stdError: 0,
      rSquared: NaN,
    })
  })

  test('looks at the last 90 sessions up to the date and at nothing else', () => {
    const regime = spy.map((value, t) => (t > 100 && t <= 190 ? 2 * value : -value))
    const result = compute({ SPY: spy, A: regime }, [MARKET], { sessionIndex: 190 })
    expect(estimateOf(result, 'market', 'A')).toMatchObject({ beta: expect.closeTo(2, 13) })
  })
})

describe('a spread', () => {
  test('is the long proxy less the short one', () => {
    const result = compute({ SPY: spy, MTUM: mtum, A: combine([mtum, spy], [0.7, -0.7]) }, [SPREAD])
    expect(estimateOf(result, 'spread', 'A')).toMatchObject({
      beta: expect.closeTo(0.7, 13),
      observations: 180,
    })
  })
})

describe('gaps', () => {
  test('drop the rows without a return of the symbol or of a proxy, for that regression', () => {
    const a = without(combine([spy, mtum, vtv], [1, 0.5, 0.2]), [LAST - 3, LAST - 40])
    const world = { SPY: without(spy, [LAST - 40, LAST - 50]), MTUM: mtum, VTV: vtv, A: a }
    const result = compute(world, [MARKET, MOMENTUM, VALUE])
    expect(estimateOf(result, 'market', 'A')?.observations).toBe(87)
    expect(estimateOf(result, 'momentum', 'A')?.observations).toBe(88)
    expect(estimateOf(result, 'market', 'MTUM')?.observations).toBe(88)
  })

  test('give what the regression without those sessions gives', () => {
    const a = combine([spy, noise], [1, 0.5])
    const gaps = [LAST - 1, LAST - 30, LAST - 31]
    const keep = (values: Float64Array) => values.filter((_, t) => !gaps.includes(t))
    const gapped = compute({ SPY: spy, A: without(a, gaps) }, [MARKET])
    const shortened = compute({ SPY: keep(spy), A: keep(a) }, [{ ...MARKET, windowDays: 87 }], {
      sessionIndex: LAST - 3,
    })
    expect(estimateOf(gapped, 'market', 'A')).toEqual(estimateOf(shortened, 'market', 'A'))
  })

  test('make a history limited when more than 5 % of the window is missing', () => {
    const missing = (count: number) => without(spy, lastSessions(count))
    const result = compute({ SPY: spy, FOUR: missing(4), FIVE: missing(5) }, [MARKET])
    expect(estimateOf(result, 'market', 'FOUR')).toMatchObject({
      observations: 86,
      quality: 'full_history',
    })
    expect(estimateOf(result, 'market', 'FIVE')).toMatchObject({
      observations: 85,
      quality: 'limited_history',
    })
  })

  test('a window that begins before the panel is a limited history', () => {
    const result = compute({ SPY: spy, A: mtum }, [MARKET], { sessionIndex: 59 })
    expect(estimateOf(result, 'market', 'A')).toMatchObject({
      observations: 60,
      quality: 'limited_history',
    })
  })
})

describe('too little data', () => {
  test('gives no value, and the number of returns there were', () => {
    const young = (count: number) => without(mtum, allButLast(count))
    const result = compute({ SPY: spy, X: young(30), Y: young(29), Z: young(29), NEW: young(0) }, [
      MARKET,
    ])
    expect(estimateOf(result, 'market', 'X')?.observations).toBe(30)
    expect(estimateOf(result, 'market', 'Y')).toBeNull()
    expect(result.skipped).toEqual([
      { factor: 'market', reason: 'insufficient_data', observations: 29, symbols: 2 },
      { factor: 'market', reason: 'insufficient_data', observations: 0, symbols: 1 },
    ])
  })

  test('covers symbols that the panel does not know', () => {
    const symbols = ['A', 'UNKNOWN'] as string[] as Ticker[]
    const result = compute({ SPY: spy, A: mtum }, [MARKET], { symbols })
    expect(result.symbols).toEqual(['A', 'UNKNOWN'])
    expect(estimateOf(result, 'market', 'A')).not.toBeNull()
    expect(result.skipped).toEqual([
      { factor: 'market', reason: 'insufficient_data', observations: 0, symbols: 1 },
    ])
  })

  test('holds each factor of a joint regression to its own minimum', () => {
    const strict = { ...VALUE, minObservations: 60 }
    const world = { MTUM: mtum, VTV: vtv, A: without(noise, allButLast(40)) }
    const result = compute(world, [MOMENTUM, strict])
    expect(estimateOf(result, 'momentum', 'A')?.observations).toBe(40)
    expect(estimateOf(result, 'value', 'A')).toBeNull()
  })

  test('gives no value where a minimum leaves no degree of freedom', () => {
    const world = { MTUM: mtum, VTV: vtv, A: without(noise, allButLast(3)) }
    const eager = [MOMENTUM, VALUE].map((each) => ({ ...each, minObservations: 1 }))
    const result = compute(world, eager)
    expect(estimateOf(result, 'momentum', 'A')).toBeNull()
    expect(result.skipped).toContainEqual({
      factor: 'momentum',
      reason: 'insufficient_data',
      observations: 3,
      symbols: 1,
    })
  })
})

describe('a proxy', () => {
  test('below its minimum takes its regression away from everybody, and no other', () => {
    const world = { SPY: spy, MTUM: mtum, VTV: without(vtv, allButLast(29)), A: noise }
    const symbols = ['MTUM', 'A'] as string[] as Ticker[]
    const result = compute(world, [MARKET, MOMENTUM, VALUE, SPREAD], { symbols })
    expect(estimateOf(result, 'market', 'A')).not.toBeNull()
    expect(estimateOf(result, 'spread', 'A')).not.toBeNull()
    expect(estimateOf(result, 'momentum', 'A')).toBeNull()
    expect(result.missingProxies).toEqual([{ factor: 'value', proxy: 'VTV', observations: 29 }])
    expect(result.skipped).toEqual([
      { factor: 'momentum', reason: 'proxy_missing', observations: 29, symbols: 2 },
      { factor: 'value', reason: 'proxy_missing', observations: 29, symbols: 2 },
    ])
    expect(result.diagnostics).toEqual([])
  })

  test('that the panel does not hold, or that the definition does not name, is missing', () => {
    const nameless = factor('ols_ir', null, { name: 'nameless' })
    const result = compute({ SPY: spy }, [SPREAD, nameless])
    expect(result.missingProxies).toEqual([
      { factor: 'spread', proxy: 'MTUM', observations: 0 },
      { factor: 'nameless', proxy: null, observations: 0 },
    ])
  })

  test('that never moves is refused', () => {
    const result = compute({ SPY: new Float64Array(SESSIONS).fill(0.001), A: noise }, [MARKET])
    expect(estimateOf(result, 'market', 'A')).toBeNull()
    expect(result.skipped).toEqual([
      { factor: 'market', reason: 'constant_proxy', observations: 90, symbols: 2 },
    ])
  })

  test('that never moves on the days of one symbol is refused for that symbol', () => {
    const still = spy.map((value, t) => (t > LAST - 40 ? 0 : value))
    const world = { SPY: still, OLD: noise, YOUNG: without(noise, allButLast(40)) }
    const result = compute(world, [MARKET])
    expect(estimateOf(result, 'market', 'OLD')).not.toBeNull()
    expect(estimateOf(result, 'market', 'YOUNG')).toBeNull()
    expect(result.skipped).toEqual([
      { factor: 'market', reason: 'constant_proxy', observations: 40, symbols: 1 },
    ])
  })

  test('that repeats another shares its effect, and the dependence is reported', () => {
    const twins = [MOMENTUM, VALUE]
    const result = compute({ MTUM: mtum, VTV: mtum, A: combine([mtum, noise], [1, 0.1]) }, twins)
    const [first, second] = twins.map(({ name }) => estimateOf(result, name, 'A')?.beta ?? NaN)
    expect(first).toBeCloseTo(second ?? NaN, 12)
    expect(result.diagnostics).toEqual([
      {
        windowDays: 90,
        proxies: ['MTUM', 'VTV'],
        observations: 90,
        conditionNumber: null,
        varianceInflation: [null, null],
      },
    ])
  })
})

describe('a beta beyond five', () => {
  const wild = combine([spy, noise], [-8, 1])
  const result = compute({ SPY: spy, WILD: wild, PLAIN: combine([spy, noise], [0.8, -0.1]) }, [
    MARKET,
  ])
  const estimate = estimateOf(result, 'market', 'WILD')

  test('is stored as five of its sign and flagged, whatever its history', () => {
    expect(estimate).toMatchObject({ beta: -5, quality: 'capped', observations: 90 })
    const short = { SPY: spy, WILD: without(wild, lastSessions(20)) }
    expect(estimateOf(compute(short, [MARKET]), 'market', 'WILD')?.quality).toBe('capped')
  })

  test('keeps the standard error, t and R² of its fit', () => {
    // y − (−8)·SPY and y − 0.8·SPY have residuals in the ratio 1 : −0.1, so the errors are in 10 : 1.
    const plain = estimateOf(result, 'market', 'PLAIN')
    expect(estimate?.stdError).toBeCloseTo(10 * (plain?.stdError ?? NaN), 12)
    const uncapped = (estimate?.tStat ?? NaN) * (estimate?.stdError ?? NaN)
    expect(uncapped).toBeLessThan(-7)
    expect(estimate?.rSquared).toBeGreaterThan(0.9)
  })
})

describe('a provider beta', () => {
  const PROVIDER = factor('provider', null, { name: 'provider', windowDays: 252 })
  const betas = { A: 1.25, B: 7, C: NaN } as Readonly<Record<string, number>>
  const result = compute({ A: noise, B: noise, C: noise, D: noise }, [PROVIDER], {
    providerBetas: new Map(Object.entries(betas) as [Ticker, number][]),
  })

  test('is taken as it is, over 252 observations, without an error of its own', () => {
    expect(estimateOf(result, 'provider', 'A')).toEqual({
      beta: 1.25,
      stdError: NaN,
      tStat: NaN,
      rSquared: NaN,
      observations: 252,
      quality: 'full_history',
    })
    expect(result.estimates[0]).toMatchObject({
      regularizationAlpha: null,
      regressionWindowDays: null,
    })
  })

  test('is capped like any other and absent where none is stated', () => {
    expect(estimateOf(result, 'provider', 'B')).toMatchObject({ beta: 5, quality: 'capped' })
    expect(result.skipped).toEqual([
      { factor: 'provider', reason: 'no_provider_beta', observations: 0, symbols: 2 },
    ])
  })
})

describe('the result', () => {
  test('lists the active factors in the order of their definitions, with method facts', () => {
    const off = factor('ols_ir', 'TLT', { isActive: false })
    const { estimates } = compute({ SPY: spy, MTUM: mtum, VTV: vtv }, [
      VALUE,
      off,
      SPREAD,
      MOMENTUM,
      MARKET,
    ])
    const facts = estimates.map((each) => [
      each.definition.name,
      each.regularizationAlpha,
      each.regressionWindowDays,
    ])
    expect(facts).toEqual([
      ['value', 1, 90],
      ['spread', null, 180],
      ['momentum', 1, 90],
      ['market', null, 90],
    ])
  })

  test('of a date outside the panel is refused', () => {
    expect(() => compute({ SPY: spy }, [MARKET], { sessionIndex: SESSIONS })).toThrow(RangeError)
  })
})
