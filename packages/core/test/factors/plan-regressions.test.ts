import { describe, expect, test } from '@jest/globals'
import { longestWindow, planRegressions } from '../../src/factors/plan-regressions.ts'
import { proxySymbols } from '../../src/factors/proxy-symbols.ts'
import { factor } from './definitions.ts'

const MARKET = factor('ols_market', 'SPY')
const RATES = factor('ols_ir', 'TLT')
const MOMENTUM = factor('ridge_regression', 'MTUM')
const VALUE = factor('ridge_regression', 'VTV')
const LONG_VALUE = factor('ridge_regression', 'VTV', { name: 'long value', windowDays: 120 })
const SPREAD = factor('spread_regression', 'VUG-VTV', { windowDays: 180 })
const PROVIDER = factor('provider', null, { windowDays: 252 })

describe('the regressions that definitions ask for', () => {
  test('are one for each OLS factor and one joint ridge regression', () => {
    expect(planRegressions([MARKET, MOMENTUM, RATES, VALUE, SPREAD, PROVIDER])).toEqual([
      { factors: [MARKET], windowDays: 90, alpha: 0 },
      { factors: [RATES], windowDays: 90, alpha: 0 },
      { factors: [SPREAD], windowDays: 180, alpha: 0 },
      { factors: [MOMENTUM, VALUE], windowDays: 90, alpha: 1 },
    ])
  })

  test('join ridge factors of the same window only', () => {
    const joint = planRegressions([MOMENTUM, LONG_VALUE, VALUE])
    expect(joint.map(({ factors }) => factors)).toEqual([[MOMENTUM, VALUE], [LONG_VALUE]])
  })

  test('leave out what an operator switched off', () => {
    const off = { ...VALUE, isActive: false }
    expect(planRegressions([MOMENTUM, off])).toEqual([
      { factors: [MOMENTUM], windowDays: 90, alpha: 1 },
    ])
  })
})

describe('the longest window', () => {
  test('is that of the active regressions; a provider looks back over nothing', () => {
    expect(longestWindow([MARKET, SPREAD, PROVIDER])).toBe(180)
    expect(longestWindow([MARKET, { ...SPREAD, isActive: false }])).toBe(90)
    expect(longestWindow([PROVIDER])).toBe(0)
  })
})

describe('the proxies', () => {
  test('are both legs of the active definitions, and SPY and TLT in any case', () => {
    const off = factor('ols_market', 'QQQ', { isActive: false })
    expect(proxySymbols([SPREAD, MOMENTUM, off, PROVIDER])).toEqual([
      'MTUM',
      'SPY',
      'TLT',
      'VTV',
      'VUG',
    ])
    expect(proxySymbols([])).toEqual(['SPY', 'TLT'])
  })
})
