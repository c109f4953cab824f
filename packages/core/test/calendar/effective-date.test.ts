import { describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import { effectiveDate, parseIsoDate, staleness } from '../../src/calendar/index.ts'

const inNewYork = (text: string) => DateTime.fromISO(text, { zone: 'America/New_York' })

describe('the effective date', () => {
  test.each([
    ['an ordinary day before its prices settle', '2025-07-08T16:29:59', '2025-07-07'],
    ['an ordinary day once they have', '2025-07-08T16:30:00', '2025-07-08'],
    ['an early close before', '2025-07-03T13:29:59', '2025-07-02'],
    ['an early close after', '2025-07-03T13:30:00', '2025-07-03'],
    ['a holiday', '2025-07-04T18:00:00', '2025-07-03'],
    ['a weekend', '2025-07-05T12:00:00', '2025-07-03'],
    ['the first Monday of summer time, before', '2025-03-10T16:29:59', '2025-03-07'],
    ['the first Monday of summer time, after', '2025-03-10T16:30:00', '2025-03-10'],
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
})

describe('staleness', () => {
  test.each([
    ["Friday's data on Monday morning", '2025-07-11', '2025-07-14T09:00', 0, 'current', 'ok'],
    ["Thursday's data on Monday morning", '2025-07-10', '2025-07-14T09:00', 1, 'stale_1d', 'warning'],
    ["Friday's data on Tuesday morning", '2025-07-11', '2025-07-15T09:00', 1, 'stale_1d', 'warning'],
    ["Friday's data after a holiday Monday", '2025-01-17', '2025-01-21T09:00', 0, 'current', 'ok'],
    ["last week's data", '2025-07-03', '2025-07-10T09:00', 3, 'stale_3d', 'critical'],
    ["tomorrow's data", '2025-07-15', '2025-07-14T09:00', 0, 'current', 'ok'],
    ['data of a Sunday', '2025-07-13', '2025-07-14T17:00', 1, 'stale_1d', 'warning'],
  ])('%s', (_, date, now, sessions, level, severity) => {
    expect(staleness(parseIsoDate(date), inNewYork(now), 30)).toEqual({ sessions, level, severity })
  })
})
