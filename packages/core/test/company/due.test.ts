import { describe, expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import {
  awaitsStatements,
  dueFundamentals,
  dueProfiles,
  type CompanyState,
} from '../../src/company/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

/** Nine in the evening of 2025-06-10 in New York; in UTC the next day has begun. */
const NOW = new Date('2025-06-11T01:00:00Z')

const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000)

function state(symbol: string, known: Partial<Omit<CompanyState, 'symbol'>> = {}): CompanyState {
  return {
    symbol: symbol as Ticker,
    isEquity: true,
    lastUpdated: null,
    nextEarningsDate: null,
    fundamentalsLastFetched: null,
    ...known,
  }
}

function fetched(days: number, earnings: string | null = null): CompanyState {
  return state('A', {
    fundamentalsLastFetched: daysAgo(days),
    nextEarningsDate: earnings as IsoDate | null,
  })
}

describe('a profile is due', () => {
  test.each([
    ['never asked for', null, true],
    ['three days and a second old', 3 + 1 / 86_400, true],
    ['three days old', 3, false],
    ['a day old', 1, false],
    ['from a later time than now', -1, false],
  ])('%s', (_, age, isDue) => {
    const known = state('A', { lastUpdated: age === null ? null : daysAgo(age) })
    expect(dueProfiles([known], new Set(), NOW)).toEqual(isDue ? ['A'] : [])
  })

  test('in the order of need: held, never asked for, oldest', () => {
    const states = [
      state('OLD', { lastUpdated: daysAgo(5) }),
      state('OLDER', { lastUpdated: daysAgo(9) }),
      state('NEW2'),
      state('NEW1'),
      state('HELD', { lastUpdated: daysAgo(4) }),
    ]
    const held = new Set(['HELD' as Ticker])
    expect(dueProfiles(states, held, NOW)).toEqual(['HELD', 'NEW1', 'NEW2', 'OLDER', 'OLD'])
  })
})

describe('statements are due', () => {
  test.each([
    ['never fetched', state('A'), true],
    ['fetched 101 days ago', fetched(101), true],
    ['fetched 99 days ago', fetched(99), false],
    ['three days after an earnings date', fetched(20, '2025-06-07'), true],
    ['not two days after it', fetched(20, '2025-06-08'), false],
    ['not before it', fetched(20, '2025-07-24'), false],
    ['when fetched the day after it, before they were out', fetched(2, '2025-06-07'), true],
    ['not when fetched on the third day', fetched(1, '2025-06-06'), false],
  ])('%s', (_, known, isDue) => {
    expect(dueFundamentals([known], NOW)).toEqual(isDue ? ['A'] : [])
  })

  test('the longest waiting first', () => {
    const of = (symbol: string, days: number) =>
      state(symbol, { fundamentalsLastFetched: daysAgo(days) })
    const states = [of('B', 101), of('A', 101), of('C', 300), state('D')]
    expect(dueFundamentals(states, NOW)).toEqual(['D', 'C', 'A', 'B'])
  })
})

describe('a passed earnings date is kept', () => {
  test.each([
    ['from its day on', fetched(20, '2025-06-10'), true],
    ['until its statements were fetched', fetched(1, '2025-06-06'), false],
    ['for two weeks', fetched(60, '2025-05-27'), true],
    ['not longer', fetched(60, '2025-05-26'), false],
    ['not before it has come', fetched(20, '2025-06-11'), false],
    [
      'not when nobody asks for statements',
      state('A', { nextEarningsDate: '2025-06-08' as IsoDate }),
      false,
    ],
  ])('%s', (_, known, isKept) => {
    expect(awaitsStatements(known, NOW)).toBe(isKept)
  })
})
