import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  addDays,
  addMonths,
  CalendarRangeError,
  countSessions,
  InvalidDateError,
  isSession,
  nearestSession,
  nextSession,
  parseIsoDate,
  previousSession,
  sessionAt,
  sessionIndex,
  sessionOnOrAfter,
  sessionOnOrBefore,
  sessionsBack,
  sessionsBetween,
} from '../../src/calendar/index.ts'

const day = parseIsoDate
const anyDate = fc
  .integer({ min: 0, max: 21_900 })
  .map((offset) => addDays(day('1990-01-15'), offset))

describe('dates', () => {
  test.each(['2025-02-29', '2025-13-01', '2025-00-10', '20250101', '2025-1-1', '', ' 2025-01-01'])(
    'refuses %p',
    (text) => {
      expect(() => parseIsoDate(text)).toThrow(InvalidDateError)
    },
  )

  test('names the text it refuses', () => {
    expect(() => parseIsoDate('2025-02-30')).toThrow('"2025-02-30" is not a date')
  })

  test('month arithmetic stays within the month', () => {
    expect(addMonths(day('2025-03-31'), -1)).toBe('2025-02-28')
    expect(addMonths(day('2024-03-31'), -1)).toBe('2024-02-29')
    expect(addMonths(day('2024-02-29'), -12)).toBe('2023-02-28')
    expect(addMonths(day('2025-01-15'), -3)).toBe('2024-10-15')
    expect(addMonths(day('2024-12-31'), 2)).toBe('2025-02-28')
  })
})

describe('holidays', () => {
  test('a holiday on a Saturday closes Friday, on a Sunday Monday', () => {
    expect(isSession(day('2026-07-03'))).toBe(false)
    expect(isSession(day('2021-07-05'))).toBe(false)
    expect(isSession(day('2027-12-24'))).toBe(false)
  })

  test("New Year's Day on a Saturday closes nothing", () => {
    expect(isSession(day('2021-12-31'))).toBe(true)
    expect(isSession(day('2027-12-31'))).toBe(true)
  })

  test('Martin Luther King Jr. Day is kept from 1998, Juneteenth from 2022', () => {
    expect(isSession(day('1997-01-20'))).toBe(true)
    expect(isSession(day('1998-01-19'))).toBe(false)
    expect(isSession(day('2021-06-18'))).toBe(true)
    expect(isSession(day('2022-06-20'))).toBe(false)
  })

  test('the rules go on to 2050', () => {
    expect(isSession(day('2049-04-16'))).toBe(false)
    expect(isSession(day('2050-11-24'))).toBe(false)
    expect(isSession(day('2050-12-30'))).toBe(true)
  })
})

describe('walking over sessions', () => {
  test('examples around a holiday weekend', () => {
    expect(previousSession(day('2025-01-21'))).toBe('2025-01-17')
    expect(nextSession(day('2025-01-17'))).toBe('2025-01-21')
    expect(sessionOnOrBefore(day('2025-01-20'))).toBe('2025-01-17')
    expect(sessionOnOrAfter(day('2025-01-18'))).toBe('2025-01-21')
    expect(nearestSession(day('2025-01-18'))).toBe('2025-01-17')
    expect(nearestSession(day('2025-01-20'))).toBe('2025-01-21')
    expect(sessionsBetween(day('2025-01-08'), day('2025-01-12'))).toEqual(['2025-01-08', '2025-01-10'])
    expect(sessionsBetween(day('2025-01-12'), day('2025-01-08'))).toEqual([])
    expect(countSessions(day('2025-01-18'), day('2025-01-20'))).toBe(0)
  })

  test('next and previous are inverse, and ordinals count sessions', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const session = sessionOnOrAfter(date)
        expect(previousSession(nextSession(session))).toBe(session)
        expect(sessionAt(sessionIndex(session))).toBe(session)
        expect(sessionsBack(nextSession(session), 1)).toBe(session)
        expect(sessionIndex(nextSession(session)) - sessionIndex(session)).toBe(1)
      }),
    )
  })

  test('a range holds as many sessions as it counts, all inside it', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -10, max: 400 }), (from, length) => {
        const to = addDays(from, length)
        const sessions = sessionsBetween(from, to)
        expect(sessions).toHaveLength(countSessions(from, to))
        expect(sessions.every((session) => session >= from && session <= to && isSession(session))).toBe(
          true,
        )
      }),
    )
  })

  test('outside 1990 to 2050 there is an error, not an answer', () => {
    expect(() => isSession(day('1989-12-29'))).toThrow(CalendarRangeError)
    expect(() => isSession(day('2051-01-03'))).toThrow(CalendarRangeError)
    expect(() => previousSession(day('1990-01-01'))).toThrow(CalendarRangeError)
    expect(() => nextSession(day('2050-12-30'))).toThrow(CalendarRangeError)
  })
})
