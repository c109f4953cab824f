import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import {
  addDays,
  addMonths,
  daysBetween,
  InvalidDateError,
  isIsoDate,
  parseIsoDate,
} from '../../src/calendar/index.ts'

const day = parseIsoDate
/** A date as the engine's own UTC calendar writes it, independent of ours. */
const inEngine = (dayNumber: number) => new Date(dayNumber * 86_400_000).toISOString().slice(0, 10)
/** Days since 1970 of 0001-01-01 and 9999-12-31. */
const [FIRST, LAST] = [-719_162, 2_932_896]

describe('reading a date', () => {
  test.each([
    '2025-02-29',
    '2025-02-30',
    '1900-02-29',
    '2025-04-31',
    '2025-13-01',
    '2025-00-10',
    '2025-01-00',
    '2025-01-32',
    '0000-01-01',
    '20250101',
    '2025-1-1',
    '',
    ' 2025-01-01',
    '2025-01-01\n',
    '2025-01-01T00:00:00Z',
    '+02025-01-01',
    '٢٠٢٥-٠١-٠١',
  ])('refuses %p', (text) => {
    expect(isIsoDate(text)).toBe(false)
    expect(() => parseIsoDate(text)).toThrow(InvalidDateError)
  })

  test.each(['2024-02-29', '2000-02-29', '2025-12-31', '0001-01-01', '9999-12-31'])(
    'takes %s',
    (text) => {
      expect(parseIsoDate(text)).toBe(text)
    },
  )

  test('names the text it refuses', () => {
    expect(() => parseIsoDate('2025-02-30')).toThrow('"2025-02-30" is not a date')
  })
})

describe('day arithmetic', () => {
  test('agrees with the calendar of the engine on every day from 1890 to 2110', () => {
    const start = day('1890-01-01')
    const startDay = Date.UTC(1890, 0, 1) / 86_400_000
    const length = (Date.UTC(2111, 0, 1) - Date.UTC(1890, 0, 1)) / 86_400_000
    const ours = Array.from({ length }, (_, i) => addDays(start, i))
    expect(ours).toEqual(Array.from({ length }, (_, i) => inEngine(startDay + i)))
    expect(ours.every((date) => isIsoDate(date))).toBe(true)
  })

  test('agrees with it on any day from 0001 to 9999', () => {
    const anyDay = fc.integer({ min: FIRST, max: LAST })
    fc.assert(
      fc.property(anyDay, anyDay, (from, to) => {
        expect(addDays(day('1970-01-01'), from)).toBe(inEngine(from))
        expect(daysBetween(day(inEngine(from)), day(inEngine(to)))).toBe(to - from)
      }),
    )
  })

  test('refuses a day that four digits of a year cannot name', () => {
    expect(() => addDays(day('9999-12-31'), 1)).toThrow(InvalidDateError)
    expect(() => addDays(day('0001-01-01'), -1)).toThrow(InvalidDateError)
    expect(() => addDays(day('2025-01-01'), Number.NaN)).toThrow(InvalidDateError)
  })
})

describe('month arithmetic', () => {
  test.each([
    ['2025-03-31', -1, '2025-02-28'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-02-29', -12, '2023-02-28'],
    ['2025-01-15', -3, '2024-10-15'],
    ['2024-12-31', 2, '2025-02-28'],
    ['2025-12-31', 1, '2026-01-31'],
    ['2025-10-31', 1, '2025-11-30'],
    ['2025-11-30', 1, '2025-12-30'],
    ['0050-01-01', 1, '0050-02-01'],
    ['2025-07-08', 0, '2025-07-08'],
  ])('%s and %p months: %s', (from, months, expected) => {
    expect(addMonths(day(from), months)).toBe(expected)
  })
})
