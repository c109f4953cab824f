import { describe, expect, test } from '@jest/globals'
import type { PanelEvent } from '../../src/returns/panel.ts'
import { totalReturns } from '../../src/returns/total-returns.ts'
import {
  computeSymbolMetrics,
  type SymbolMetricInputs,
} from '../../src/symbol-metrics/compute-symbol-metrics.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { pricePanel, sessionsFrom } from '../returns/price-world.ts'

const sessions = sessionsFrom('2022-11-01', 420)
const DATE = sessions.findIndex((session) => session === '2024-03-14')
const columnOf = (date: string) => sessions.findIndex((session) => session === date)

function compute(
  closes: Readonly<Record<string, readonly (number | null)[]>>,
  events: readonly PanelEvent[] = [],
  changes: Partial<SymbolMetricInputs> = {},
) {
  const prices = pricePanel(sessions, closes, events)
  return computeSymbolMetrics({
    prices,
    returns: totalReturns(prices),
    sessionIndex: DATE,
    profiled: new Set(),
    factorCounts: new Map(),
    activeFactors: 13,
    ...changes,
  })
}

/** The price 100 throughout but for the given dates. */
const closesWith = (changes: Readonly<Record<string, number | null>>) =>
  sessions.map((session) => (session in changes ? (changes[session] ?? null) : 100))

describe('symbol figures', () => {
  test('are returns from the close of each horizon to the price of the date', () => {
    const { currentPrice, returns } = compute({
      A: closesWith({
        '2024-03-14': 120,
        '2024-03-13': 96,
        '2024-02-14': 80,
        '2023-12-14': 60,
        '2023-03-14': 40,
        '2024-02-29': 125,
        '2023-12-29': 110,
      }),
    })
    expect(currentPrice[0]).toBe(120)
    expect(returns['1d'][0]).toBeCloseTo(0.25, 14)
    expect(returns['1m'][0]).toBeCloseTo(0.5, 14)
    expect(returns['3m'][0]).toBeCloseTo(1, 14)
    expect(returns['1y'][0]).toBeCloseTo(2, 14)
    expect(returns.mtd[0]).toBeCloseTo(-0.04, 14)
    expect(returns.ytd[0]).toBeCloseTo(1 / 11, 14)
  })

  test('count splits and dividends in returns, and show the price as traded', () => {
    const isAfterSplit = (session: string) => session >= '2024-01-16'
    const closes = sessions.map((session) => (isAfterSplit(session) ? 55 : 100))
    const split = {
      symbolIndex: 1,
      sessionIndex: columnOf('2024-01-16'),
      dividend: 0,
      splitRatio: 2,
    }
    const dividend = {
      symbolIndex: 1,
      sessionIndex: columnOf('2024-03-01'),
      dividend: 5.5,
      splitRatio: 1,
    }
    const { currentPrice, returns } = compute({ B: closesWith({}), A: closes }, [split, dividend])
    expect(currentPrice[1]).toBe(55)
    expect(returns.ytd[1]).toBeCloseTo(1.1 * 1.1 - 1, 13)
    expect(returns.mtd[1]).toBeCloseTo(0.1, 13)
    expect(returns['1d'][1]).toBe(0)
    expect(returns.ytd[0]).toBe(0)
  })

  test('lack a return whose first close is missing, and only that', () => {
    const { returns } = compute({ A: closesWith({ '2024-02-14': null }) })
    expect(returns['1m'][0]).toBeNaN()
    expect(returns['3m'][0]).toBe(0)
  })

  test('do not exist for a symbol without a close on the date', () => {
    const asked = ['A', 'B', 'UNKNOWN'] as string[] as Ticker[]
    const closes = { A: closesWith({ '2024-03-14': null }), B: closesWith({}) }
    const { symbols, withoutPrice, currentPrice } = compute(closes, [], { symbols: asked })
    expect(symbols).toEqual(['B'])
    expect([...currentPrice]).toEqual([100])
    expect(withoutPrice).toEqual(['A', 'UNKNOWN'])
  })
})

describe('volatility', () => {
  // Returns of +1 % and −1 % in turn: 21 of them have mean ±0.01/21 and sample variance 0.01²(21 − 1/21)/20.
  const zigzag = sessions.map(
    (_, t) => 100 * (t % 2 === 0 ? 1 : 1.01) * (1.01 * 0.99) ** Math.floor(t / 2),
  )
  const expected = 0.01 * Math.sqrt(((21 - 1 / 21) / 20) * 252)

  test('is the sample deviation of the last 21 returns over a year', () => {
    expect(compute({ A: zigzag }).volatility21d[0]).toBeCloseTo(expected, 10)
  })

  test('does not exist unless all 21 returns do', () => {
    const gap = (back: number) => zigzag.map((close, t) => (t === DATE - back ? null : close))
    const { volatility21d } = compute({ WITHIN: gap(21), BEFORE: gap(22), LATE: gap(1) })
    expect(volatility21d[0]).toBeNaN()
    expect(volatility21d[1]).toBeCloseTo(expected, 10)
    expect(volatility21d[2]).toBeNaN()
    expect(compute({ A: zigzag }, [], { sessionIndex: 20 }).volatility21d[0]).toBeNaN()
    expect(compute({ A: zigzag }, [], { sessionIndex: 21 }).volatility21d[0]).toBeCloseTo(
      expected,
      10,
    )
  })
})

describe('the data quality score', () => {
  const [A, B] = ['A', 'B'] as string[] as [Ticker, Ticker]

  test('adds price, returns, profile and factors', () => {
    const half = closesWith({ '2024-02-14': null, '2024-02-29': null, '2023-03-14': null })
    const { dataQualityScore } = compute({ A: closesWith({}), B: half }, [], {
      profiled: new Set([A]),
      factorCounts: new Map([
        [A, 13],
        [B, 12],
      ]),
      activeFactors: 13,
    })
    expect(dataQualityScore[0]).toBe(100)
    expect(dataQualityScore[1]).toBeCloseTo(30 + 15 + 0 + (20 * 12) / 13, 12)
  })

  test('is 60 for prices alone, and misses no factor where none is active', () => {
    expect([...compute({ A: closesWith({}) }).dataQualityScore]).toEqual([60])
    expect([...compute({ A: closesWith({}) }, [], { activeFactors: 0 }).dataQualityScore]).toEqual([
      80,
    ])
  })
})
