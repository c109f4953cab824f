import { describe, expect, test } from '@jest/globals'
import fc from '../../harness/fast-check.ts'
import { DateTime } from 'luxon'
import { countSessions, sessionsBack } from '../../../src/calendar/index.ts'
import type { SessionDate } from '../../../src/calendar/iso-date.ts'
import { planCalls } from '../../../src/market-data/providers/polygon/plan-calls.ts'
import { request } from '../fetching.ts'

const NOW = DateTime.fromISO('2024-06-28T22:00:00Z')
const LAST = '2024-06-28' as SessionDate

function requests(count: number, sessions: number, prefix = 'A') {
  const from = sessionsBack(LAST, sessions - 1)
  return Array.from({ length: count }, (_, i) => request(`${prefix}${i}`, from, LAST))
}

describe('the plan of calls to polygon', () => {
  test.each([
    [3, 4, 9, 'equal cost stays with the symbols'],
    [2, 4, 6, 'few symbols one by one'],
    [4, 4, 9, 'some by date'],
    [5000, 4, 9, 'all of a market by date'],
    [5000, 280, 565, 'a new universe by date'],
    [100, 280, 300, 'a portfolio’s history one by one'],
  ])('%i symbols over %i sessions cost %i calls: %s', (count, sessions, calls) => {
    expect(planCalls(requests(count, sessions), NOW).calls).toBe(calls)
  })

  test('a new symbol’s long history does not draw the others with it', () => {
    const plan = planCalls([...requests(5000, 4), ...requests(3, 280, 'NEW')], NOW)
    expect(plan.calls).toBe(9 + 3 * 3)
    expect(plan.byDate).toHaveLength(5000)
    expect(plan.sessions).toHaveLength(4)
  })

  test('takes the fewest calls that any division of the windows has', () => {
    const window = fc.record({
      count: fc.integer({ min: 1, max: 30 }),
      sessions: fc.integer({ min: 1, max: 90 }),
    })
    fc.assert(
      fc.property(fc.array(window, { maxLength: 6 }), (windows) => {
        const all = windows.map(({ count, sessions }, i) => requests(count, sessions, `W${i}X`))
        const plan = planCalls(all.flat(), NOW)
        const costs = Array.from({ length: 2 ** windows.length }, (_, chosen) => {
          const isByDate = windows.map((_window, i) => (chosen & (1 << i)) !== 0)
          const longest = Math.max(
            0,
            ...windows.map(({ sessions }, i) => (isByDate[i] === true ? sessions : 0)),
          )
          const oneByOne = windows.reduce(
            (sum, { count }, i) => sum + (isByDate[i] === true ? 0 : count),
            0,
          )
          return 2 * longest + Math.ceil(longest / 60) + 3 * oneByOne
        })
        expect(plan.calls).toBe(Math.min(...costs))
        expect(plan.bySymbol.length + plan.byDate.length).toBe(all.flat().length)
        const inLists = plan.sessions.filter((session) =>
          plan.splitRanges.some(({ from, to }) => from <= session && session <= to),
        )
        expect(inLists).toEqual(plan.sessions)
        for (const from of new Set(plan.byDate.map((asked) => asked.from))) {
          const covered = plan.sessions.filter((session) => session >= from)
          expect(covered).toHaveLength(countSessions(from, LAST))
        }
      }),
      { seed: 30, numRuns: 200 },
    )
  })

  test('days of which the calendar or the vendor knows nothing cost nothing', () => {
    const plan = planCalls(
      [request('A', '1962-01-01', '1999-12-31'), request('B', '2024-06-29', '2060-12-31')],
      NOW,
    )
    expect(plan.calls).toBe(0)
    expect(plan.byDate).toHaveLength(2)
  })
})
