import { describe, expect, test } from '@jest/globals'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import {
  explainPnl,
  factorMoves,
  isRestAlarming,
  lotLines,
  type LotDay,
  type PnlFacts,
} from '../../src/pnl-explain/index.ts'
import { MARKET } from '../../src/stress/index.ts'
import { returnPanel, without } from '../factors/return-world.ts'
import { LAST, stressReturns, world } from '../stress/stress-world.ts'

const facts = (changes: Partial<PnlFacts> = {}): PnlFacts => ({
  dailyPnl: 1300,
  dividends: 200,
  trades: 50,
  privateRevaluations: 0,
  thetaPerYear: 0,
  days: 1,
  equity: 100_000,
  ...changes,
})
const market = { names: [MARKET], dollars: Float64Array.of(100_000), moves: Float64Array.of(0.01) }

describe('the explanation of a day', () => {
  test('has a line for what each cause made, and the rest', () => {
    expect(explainPnl(facts(), market)).toEqual({
      factors: { [MARKET]: 1000 },
      dividends: 200,
      exDividendFall: -200,
      trades: 50,
      privateRevaluations: 0,
      optionTimeValue: 0,
      rest: 250,
      restShare: 0.0025,
    })
  })

  test('adds up to the P&L of the day', () => {
    const day = facts({ privateRevaluations: -300, thetaPerYear: -3650, days: 3 })
    const explanation = explainPnl(day, market)
    expect(explanation.optionTimeValue).toBeCloseTo(-30, 12)
    const { factors, restShare: _, ...lines } = explanation
    const sum = Object.values({ ...factors, ...lines }).reduce((total, line) => total + line, 0)
    expect(sum).toBeCloseTo(1300, 10)
  })

  test('sees nothing unusual in a special dividend of a tenth of the price', () => {
    // The price falls by what is paid: the total return, the P&L and the rest are 0.
    const day = facts({ dailyPnl: 0, dividends: 10_000, trades: 0 })
    expect(explainPnl(day, { ...market, moves: Float64Array.of(0) }).rest).toBe(0)
  })

  test('has no share without equity', () => {
    expect(explainPnl(facts({ equity: 0 }), market).restShare).toBeNull()
  })
})

describe('the moves of factors', () => {
  const returns = stressReturns()

  test('are the market’s return and what each proxy returns beyond it', () => {
    const panel = returnPanel(returns)
    const moves = factorMoves(world.model, panel, panel.sessions[LAST] as SessionDate)
    const spy = returns['SPY']?.[LAST] ?? NaN
    expect(moves?.[0]).toBe(spy)
    const [, momentum] = world.model.factors
    expect(moves?.[1]).toBeCloseTo(
      (returns['MTUM']?.[LAST] ?? NaN) - (momentum?.marketBeta ?? NaN) * spy,
      15,
    )
  })

  test('are unknown on a day on which a proxy has no return, or outside the panel', () => {
    const panel = returnPanel({
      ...returns,
      VTV: without(returns['VTV'] ?? new Float64Array(), [LAST]),
    })
    expect(factorMoves(world.model, panel, panel.sessions[LAST] as SessionDate)).toBeNull()
    expect(factorMoves(world.model, panel, '2030-01-02' as SessionDate)).toBeNull()
  })
})

describe('what lots tell by themselves', () => {
  const lot = (changes: Partial<LotDay>): LotDay => ({
    investmentClass: 'PUBLIC',
    previousValue: null,
    value: 0,
    cost: 0,
    proceeds: 0,
    closedAtMark: 0,
    ...changes,
  })

  test('a lot bought at 50 and marked at 52 has traded for +200', () => {
    expect(lotLines([lot({ value: 5200, cost: 5000 })]).trades).toBe(200)
  })

  test('a sale at 53 of what ends at 52 has traded for the difference, the rest is the market’s', () => {
    const sold = lot({ previousValue: 5100, value: 3120, proceeds: 2120, closedAtMark: 2080 })
    expect(lotLines([sold]).trades).toBe(40)
  })

  test('a short covered below the mark has gained', () => {
    const covered = lot({ previousValue: -5100, value: 0, proceeds: -5000, closedAtMark: -5200 })
    expect(lotLines([covered]).trades).toBe(200)
  })

  test('a lot bought and sold on the day has traded for all it made', () => {
    expect(lotLines([lot({ cost: 5000, proceeds: 5100, closedAtMark: 5200 })]).trades).toBe(100)
  })

  test('a lot that only lies there tells nothing', () => {
    expect(lotLines([lot({ previousValue: 5000, value: 5500 })])).toEqual({
      trades: 0,
      privateRevaluations: 0,
    })
  })

  test('PRIVATE lots have a line of their own, sold or not', () => {
    const own = { investmentClass: 'PRIVATE' as const }
    const revalued = lot({ ...own, previousValue: 1000, value: 1200 })
    const sold = lot({ ...own, previousValue: 1000, proceeds: 900, closedAtMark: 1000 })
    expect(lotLines([revalued, sold])).toEqual({ trades: 0, privateRevaluations: 100 })
  })
})

describe('an alarm about the rest', () => {
  const quiet = Array.from({ length: 63 }, (_, i) => (i % 2 === 0 ? 0.001 : -0.001))
  const wild = quiet.map((value) => 10 * value)

  test.each([
    { what: 'above 3 % of a quiet book', share: 0.031, earlier: quiet, expected: true },
    { what: 'below −3 % of a quiet book', share: -0.031, earlier: quiet, expected: true },
    { what: 'below 3 %', share: 0.029, earlier: quiet, expected: false },
    { what: 'of 4 % in a book that moves by 1 %', share: 0.04, earlier: wild, expected: false },
    { what: 'of 5.1 % in that book', share: 0.051, earlier: wild, expected: true },
    { what: 'of 4 % of a young book', share: 0.04, earlier: wild.slice(0, 20), expected: true },
    { what: 'that is unknown', share: null, earlier: quiet, expected: false },
  ])('$what: $expected', ({ share, earlier, expected }) => {
    expect(isRestAlarming(share, earlier, 0.03)).toBe(expected)
  })

  test('forgets what is more than 63 sessions ago', () => {
    expect(isRestAlarming(0.04, [...wild, ...quiet], 0.03)).toBe(true)
  })
})
