import { describe, expect, test } from '@jest/globals'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { planBarRequests, type BarCoverage } from '../../src/market-data/gaps/plan-bar-requests.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

const day = (date: string) => date as SessionDate
const AAPL = 'AAPL' as Ticker
const windowStart = day('2024-06-03')
const end = day('2025-07-11')

function plan(coverage: Partial<BarCoverage> | null, askedFrom: SessionDate | null = null) {
  const known: BarCoverage = {
    symbol: AAPL,
    first: windowStart,
    thirdLast: day('2025-07-08'),
    last: day('2025-07-10'),
    hasLater: false,
    ...coverage,
  }
  return planBarRequests({
    symbols: [AAPL],
    coverage: new Map(coverage === null ? [] : [[AAPL, known]]),
    windowStart,
    end,
    askedFrom: new Map(askedFrom === null ? [] : [[AAPL, askedFrom]]),
  })
}

describe('what a provider is asked for', () => {
  test('a new symbol: the whole window', () => {
    expect(plan(null)).toEqual([{ symbol: AAPL, from: windowStart, to: end }])
  })

  test('a known symbol: its last three sessions again and what follows', () => {
    expect(plan({})).toEqual([{ symbol: AAPL, from: '2025-07-08', to: end }])
  })

  test('sessions after a weekend or a holiday: its events again too', () => {
    const afterHoliday = { thirdLast: day('2025-07-07') }
    expect(plan(afterHoliday)).toEqual([{ symbol: AAPL, from: '2025-07-04', to: end }])
  })

  test('a symbol that is current: its last three sessions again, to notice corrections', () => {
    const current = { thirdLast: day('2025-07-09'), last: end }
    expect(plan(current)).toEqual([{ symbol: AAPL, from: '2025-07-09', to: end }])
  })

  test('a symbol known beyond the end: nothing', () => {
    expect(plan({ last: end, hasLater: true })).toEqual([])
  })

  test('a symbol whose history starts late: the part before it too, but only once', () => {
    const late = { first: day('2025-01-02') }
    expect(plan(late)).toEqual([{ symbol: AAPL, from: windowStart, to: end }])
    expect(plan(late, windowStart)).toEqual([{ symbol: AAPL, from: '2025-07-08', to: end }])
    expect(plan(late, day('2024-09-03'))).toEqual([{ symbol: AAPL, from: windowStart, to: end }])
  })

  test('a late history known beyond the end: only the part before it', () => {
    const late = { first: day('2025-01-02'), last: end, hasLater: true }
    expect(plan(late)).toEqual([{ symbol: AAPL, from: windowStart, to: '2024-12-31' }])
  })
})
