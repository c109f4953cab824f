import { describe, expect, test } from '@jest/globals'
import { parseCents } from '../../src/pnl/index.ts'
import {
  lossLimit,
  scenarioMoves,
  scenarioSchema,
  SCENARIOS,
  type Scenario,
} from '../../src/stress/index.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { privateLot, shares } from '../exposures/exposure-world.ts'
import { DURATION, world } from './stress-world.ts'

const byId = new Map(SCENARIOS.map((scenario) => [scenario.scenarioId, scenario]))

describe('the scenarios of a new installation', () => {
  test('are valid, with ids of their own', () => {
    for (const scenario of SCENARIOS) expect(scenarioSchema.parse(scenario)).toEqual(scenario)
    expect(byId.size).toBe(SCENARIOS.length)
  })

  test('are twenty active ones and three replays that are not', () => {
    const inactive = SCENARIOS.filter(({ active }) => !active)
    expect(SCENARIOS).toHaveLength(23)
    expect(inactive.map(({ category }) => category)).toEqual(Array(3).fill('historical'))
  })

  test('can all be computed from the seeded factors', () => {
    for (const scenario of SCENARIOS) {
      const { correlated } = metricsOf(scenarioMoves(world.model, scenario, DURATION))
      expect(correlated.every(Number.isFinite)).toBe(true)
    }
  })

  test.each<[string, Scenario['severity'], Scenario['shocks']]>([
    ['market_down_5', 'base', { Market: -0.05 }],
    ['rates_up_50bp', 'base', { 'Interest Rate': 0.005 }],
    ['rates_down_300bp', 'extreme', { 'Interest Rate': -0.03 }],
    ['quality_flight', 'moderate', { Quality: 0.12, Market: -0.05 }],
    ['vix_spike', 'severe', { 'Low Volatility': -0.25, Market: -0.15 }],
  ])('%s is %s', (id, severity, shocks) => {
    expect(byId.get(id)).toMatchObject({ severity, shocks })
  })

  test('name what they do', () => {
    expect(byId.get('market_down_35')).toMatchObject({
      name: 'Market −35 %',
      description: 'The market returns −35 %.',
    })
    expect(byId.get('rates_up_25bp')).toMatchObject({
      name: 'Rates +25 bp',
      description: 'Yields change by 25 basis points at once.',
    })
  })
})

describe('a scenario is refused', () => {
  const valid = byId.get('vix_spike')
  test.each([
    { why: 'without a shock', change: { shocks: {} } },
    { why: 'with a loss of more than everything', change: { shocks: { Market: -1.5 } } },
    { why: 'with a shock that is no number', change: { shocks: { Market: '−5 %' } } },
    { why: 'with an unknown severity', change: { severity: 'awful' } },
    { why: 'with a field too many', change: { shock: 1 } },
  ])('$why', ({ change }) => {
    expect(scenarioSchema.safeParse({ ...valid, ...change }).success).toBe(false)
  })
})

describe('the limit of a loss', () => {
  const limit = (equity: string, ...lots: Parameters<typeof lossLimit>[0]) =>
    lossLimit(lots, parseCents(equity))

  test('is the market value of an unlevered long-only book, without what is PRIVATE', () => {
    expect(limit('100', shares('A', '60'), shares('B', '40'))).toBe(100)
    expect(limit('100', shares('A', '60'), privateLot('40'))).toBe(60)
  })

  test('does not exist with a short or with margin debt', () => {
    expect(limit('100', shares('A', '60'), shares('B', '-1'))).toBeNull()
    expect(limit('99.99', shares('A', '60'), shares('B', '40'))).toBeNull()
  })
})
