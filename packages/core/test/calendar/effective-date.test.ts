import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { DateTime } from 'luxon'
import {
  CalendarRangeError,
  effectiveDate,
  InvalidDateError,
  nextSession,
  sessionClose,
} from '../../src/calendar/index.ts'

const inNewYork = (text: string) => DateTime.fromISO(text, { zone: 'America/New_York' })

describe('the effective date', () => {
  test.each([
    ['an ordinary day before its prices settle', '2025-07-08T16:29:59', '2025-07-07'],
    ['an ordinary day once they have', '2025-07-08T16:30:00', '2025-07-08'],
    ['an early close before', '2025-07-03T13:29:59', '2025-07-02'],
    ['an early close after', '2025-07-03T13:30:00', '2025-07-03'],
    ['an early close at 14:00 before', '1992-11-27T14:29:59', '1992-11-25'],
    ['an early close at 14:00 after', '1992-11-27T14:30:00', '1992-11-27'],
    ['a holiday', '2025-07-04T18:00:00', '2025-07-03'],
    ['a weekend', '2025-07-05T12:00:00', '2025-07-03'],
    ['the Sunday on which summer time begins', '2025-03-09T12:00:00', '2025-03-07'],
    ['the first Monday of summer time, before', '2025-03-10T16:29:59', '2025-03-07'],
    ['the first Monday of summer time, after', '2025-03-10T16:30:00', '2025-03-10'],
    ['the Sunday on which summer time ends', '2025-11-02T12:00:00', '2025-10-31'],
    ['the first Monday of winter time, before', '2025-11-03T16:29:59', '2025-10-31'],
    ['the first Monday of winter time, after', '2025-11-03T16:30:00', '2025-11-03'],
    ['the evening in New York when it is tomorrow in UTC', '2025-07-08T22:00:00', '2025-07-08'],
  ])('%s', (_, now, expected) => {
    expect(effectiveDate(inNewYork(now), 30)).toBe(expected)
    expect(effectiveDate(inNewYork(now).toUTC(), 30)).toBe(expected)
    expect(effectiveDate(inNewYork(now).setZone('Asia/Tokyo'), 30)).toBe(expected)
  })

  test('moves with the settle time', () => {
    expect(effectiveDate(inNewYork('2025-07-08T16:00:00'), 0)).toBe('2025-07-08')
    expect(effectiveDate(inNewYork('2025-07-08T16:59:00'), 60)).toBe('2025-07-07')
  })

  test('waits over midnight when prices settle after it', () => {
    const twelveHours = 720
    expect(effectiveDate(inNewYork('2025-07-09T03:59:59'), twelveHours)).toBe('2025-07-07')
    expect(effectiveDate(inNewYork('2025-07-09T04:00:00'), twelveHours)).toBe('2025-07-08')
    expect(effectiveDate(inNewYork('2025-07-05T00:59:59'), twelveHours)).toBe('2025-07-03')
    expect(effectiveDate(inNewYork('2025-07-04T00:59:59'), twelveHours)).toBe('2025-07-02')
  })

  test('is the session that has settled while the next one has not, at any instant', () => {
    const from = Date.UTC(1990, 1, 1)
    const to = Date.UTC(2050, 10, 30)
    fc.assert(
      fc.property(
        fc.integer({ min: from, max: to }),
        fc.integer({ min: 0, max: 720 }),
        (ms, settleMinutes) => {
          const now = DateTime.fromMillis(ms, { zone: 'utc' })
          const session = effectiveDate(now, settleMinutes)
          const settleMs = settleMinutes * 60_000
          expect(sessionClose(session).toMillis() + settleMs).toBeLessThanOrEqual(ms)
          expect(sessionClose(nextSession(session)).toMillis() + settleMs).toBeGreaterThan(ms)
        },
      ),
    )
  })

  test('does not exist before the first session of the calendar has settled', () => {
    expect(effectiveDate(inNewYork('1990-01-02T16:30:00'), 30)).toBe('1990-01-02')
    expect(() => effectiveDate(inNewYork('1990-01-02T16:29:59'), 30)).toThrow(CalendarRangeError)
    expect(() => effectiveDate(inNewYork('2051-01-01T00:00:00'), 30)).toThrow(CalendarRangeError)
  })

  test('refuses an instant that is none', () => {
    expect(() => effectiveDate(DateTime.invalid('test'), 30)).toThrow(InvalidDateError)
  })
})
