import { describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import { CalendarRangeError, parseIsoDate, staleness } from '../../src/calendar/index.ts'

function stalenessAt(dataDate: string, now: string) {
  return staleness({
    dataDate: parseIsoDate(dataDate),
    now: DateTime.fromISO(now, { zone: 'America/New_York' }),
    settleMinutes: 30,
  })
}

describe('staleness', () => {
  test.each([
    [
      "Friday's data on Monday morning",
      '2025-07-11',
      '2025-07-14T09:00',
      { sessions: 0, level: 'current', severity: 'ok' },
    ],
    [
      "Thursday's on Monday morning",
      '2025-07-10',
      '2025-07-14T09:00',
      { sessions: 1, level: 'stale_1d', severity: 'warning' },
    ],
    [
      "Friday's on Tuesday morning",
      '2025-07-11',
      '2025-07-15T09:00',
      { sessions: 1, level: 'stale_1d', severity: 'warning' },
    ],
    [
      "Friday's after a holiday Monday",
      '2025-01-17',
      '2025-01-21T09:00',
      { sessions: 0, level: 'current', severity: 'ok' },
    ],
    [
      "Friday's before it settles Monday",
      '2025-07-11',
      '2025-07-14T16:29:59',
      { sessions: 0, level: 'current', severity: 'ok' },
    ],
    [
      "Friday's once it has",
      '2025-07-11',
      '2025-07-14T16:30',
      { sessions: 1, level: 'stale_1d', severity: 'warning' },
    ],
    [
      'two sessions missing',
      '2025-07-10',
      '2025-07-15T09:00',
      { sessions: 2, level: 'stale_2d', severity: 'critical' },
    ],
    [
      "last week's data",
      '2025-07-03',
      '2025-07-10T09:00',
      { sessions: 3, level: 'stale_3d', severity: 'critical' },
    ],
    [
      "tomorrow's data",
      '2025-07-15',
      '2025-07-14T09:00',
      { sessions: 0, level: 'current', severity: 'ok' },
    ],
    [
      'data of a Sunday',
      '2025-07-13',
      '2025-07-14T17:00',
      { sessions: 1, level: 'stale_1d', severity: 'warning' },
    ],
  ])('%s', (_, dataDate, now, expected) => {
    expect(stalenessAt(dataDate, now)).toEqual(expected)
  })

  test('of data older than the calendar is an error', () => {
    expect(() => stalenessAt('1989-12-29', '2025-07-14T09:00')).toThrow(CalendarRangeError)
  })
})
