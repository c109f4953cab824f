import { describe, expect, test } from '@jest/globals'
import type { SessionDate } from '../../src/calendar/index.ts'
import { judgePortfolio, judgeSymbol } from '../../src/run-ledger/judge-quality.ts'
import { judgeSession } from '../../src/run-ledger/judge-session.ts'
import type { PortfolioQuality } from '../../src/run-ledger/store/select-portfolio-quality.ts'
import type { SessionAnalytics } from '../../src/run-ledger/store/select-session-analytics.ts'
import type { SymbolQuality } from '../../src/run-ledger/store/select-symbol-quality.ts'
import type { Ticker } from '../../src/symbols/index.ts'

const effective = '2025-07-10' as SessionDate
const before = '2025-07-09' as SessionDate
const frame = { effective, sessions: 252, minObservations: 30 }

function symbol(changes: Partial<SymbolQuality>) {
  const whole: SymbolQuality = {
    ...{ symbol: 'ALTO' as Ticker, asset_type: 'equity', is_active: true, newest_price: effective },
    ...{ prices: 252, factors: 12, has_profile: true, consecutive_failures: 0, last_error: null },
  }
  return judgeSymbol({ ...whole, ...changes }, frame)
}

describe('a symbol', () => {
  test.each<[string, Partial<SymbolQuality>, readonly string[]]>([
    ['with everything lacks nothing', {}, []],
    ['without a profile lacks nothing', { has_profile: false }, []],
    ['without the last close lacks a price', { newest_price: before }, ['price']],
    ['never priced lacks a price', { newest_price: null, prices: 0, factors: 0 }, ['price']],
    ['at rest lacks nothing', { newest_price: before, is_active: false, factors: 0 }, []],
    ['with enough closes and no factors lacks them', { factors: 0 }, ['factors']],
    ['too young for factors lacks none', { factors: 0, prices: 30 }, []],
    ['that is a contract has no factors', { factors: 0, asset_type: 'option' }, []],
  ])('%s', (_title, changes, lacks) => {
    expect(symbol(changes).lacks).toEqual(lacks)
  })

  test('is covered by the share of sessions with a close', () => {
    expect(symbol({ prices: 63 }).coverage_pct).toBe(25)
    expect(symbol({ prices: 0 }).coverage_pct).toBe(0)
  })
})

describe('a portfolio', () => {
  test.each<[string, Partial<PortfolioQuality>, readonly string[]]>([
    ['at the date lacks nothing', {}, []],
    ['behind lacks a snapshot', { newest_snapshot: before }, ['snapshot']],
    ['without any lacks a snapshot', { newest_snapshot: null, equity_as_of: null }, ['snapshot']],
    [
      'that begins later lacks none',
      { newest_snapshot: null, equity_as_of: '2025-07-11' as SessionDate },
      [],
    ],
    ['with positions without a mark lacks marks', { missing: 1 }, ['marks']],
  ])('%s', (_title, changes, lacks) => {
    const whole: PortfolioQuality = {
      ...{ portfolio_id: 'p', name: 'Long', newest_snapshot: effective, equity_as_of: before },
      ...{ positions: 2, stale: 0, missing: 0, coverage_pct: 100 },
    }
    expect(judgePortfolio({ ...whole, ...changes }, frame).lacks).toEqual(lacks)
  })
})

test('a session is highlighted for analytics that are neither there nor explained', () => {
  const full = { have: 3, explained: 0 }
  const session: SessionAnalytics = {
    ...{ session: effective, snapshots: 3, failed_items: 0, exposures: full, volatility: full },
    ...{ beta: { have: 1, explained: 2 }, concentration: full, correlations: full },
    stress_tests: { have: 1, explained: 1 },
  }
  expect(judgeSession(session)).toMatchObject({ short_of: ['stress_tests'], is_highlighted: true })
  expect(judgeSession({ ...session, stress_tests: full }).is_highlighted).toBe(false)
})
