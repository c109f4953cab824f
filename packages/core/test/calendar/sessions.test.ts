import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import {
  addDays,
  CalendarRangeError,
  countSessions,
  daysBetween,
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
const FIRST = day('1990-01-01')
const LAST = day('2050-12-31')
const dateFrom = (min: number, max: number) =>
  fc.integer({ min, max }).map((offset) => addDays(FIRST, offset))
/** Far enough from the ends that every session asked for exists. */
const innerDate = dateFrom(10, daysBetween(FIRST, LAST) - 10)
const anyDate = dateFrom(0, daysBetween(FIRST, LAST))

describe('walking over sessions', () => {
  test('examples around a holiday weekend', () => {
    expect(previousSession(day('2025-01-21'))).toBe('2025-01-17')
    expect(nextSession(day('2025-01-17'))).toBe('2025-01-21')
    expect(sessionOnOrBefore(day('2025-01-20'))).toBe('2025-01-17')
    expect(sessionOnOrBefore(day('2025-01-21'))).toBe('2025-01-21')
    expect(sessionOnOrAfter(day('2025-01-18'))).toBe('2025-01-21')
    expect(sessionOnOrAfter(day('2025-01-17'))).toBe('2025-01-17')
    expect(nearestSession(day('2025-01-18'))).toBe('2025-01-17')
    expect(nearestSession(day('2025-01-19'))).toBe('2025-01-17')
    expect(nearestSession(day('2025-01-20'))).toBe('2025-01-21')
    expect(nearestSession(day('2025-01-21'))).toBe('2025-01-21')
    expect(sessionsBetween(day('2025-01-08'), day('2025-01-12'))).toEqual([
      '2025-01-08',
      '2025-01-10',
    ])
    expect(sessionsBetween(day('2025-01-12'), day('2025-01-08'))).toEqual([])
    expect(countSessions(day('2025-01-18'), day('2025-01-20'))).toBe(0)
  })

  test('sessions back count sessions, not days', () => {
    const [first, , , fourth] = sessionsBetween(day('2025-01-16'), day('2025-01-22'))
    expect([first, fourth]).toEqual(['2025-01-16', '2025-01-22'])
    if (first === undefined || fourth === undefined) throw new Error('unreachable')
    expect(sessionsBack(fourth, 3)).toBe(first)
    expect(sessionsBack(fourth, 0)).toBe(fourth)
  })

  test('next and previous are inverse, and ordinals count sessions', () => {
    fc.assert(
      fc.property(innerDate, (date) => {
        const session = sessionOnOrAfter(date)
        const next = nextSession(session)
        expect(next > session).toBe(true)
        expect(previousSession(next)).toBe(session)
        expect(nextSession(previousSession(session))).toBe(session)
        expect(sessionAt(sessionIndex(session))).toBe(session)
        expect(sessionIndex(next) - sessionIndex(session)).toBe(1)
      }),
    )
  })

  test('from any date the neighbours are the nearest sessions on either side', () => {
    fc.assert(
      fc.property(innerDate, (date) => {
        const previous = previousSession(date)
        const next = nextSession(date)
        expect(previous < date && date < next).toBe(true)
        expect(countSessions(previous, next)).toBe(isSession(date) ? 3 : 2)
        expect(sessionOnOrBefore(date)).toBe(isSession(date) ? date : previous)
        expect(sessionOnOrAfter(date)).toBe(isSession(date) ? date : next)
      }),
    )
  })

  test('sessions back is that many steps to the previous one', () => {
    const laterDate = dateFrom(400, daysBetween(FIRST, LAST) - 10)
    fc.assert(
      fc.property(laterDate, fc.nat({ max: 200 }), (date, n) => {
        const session = sessionOnOrBefore(date)
        let walked = session
        for (let step = 0; step < n; step++) walked = previousSession(walked)
        expect(sessionsBack(session, n)).toBe(walked)
        expect(countSessions(walked, session)).toBe(n + 1)
      }),
    )
  })

  test('a range holds as many sessions as it counts: each date in it that is one', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -10, max: 100 }), (from, length) => {
        const wanted = addDays(from, length)
        const to = wanted > LAST ? LAST : wanted < FIRST ? FIRST : wanted
        const days = Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, i) =>
          addDays(from, i),
        )
        const sessions = sessionsBetween(from, to)
        expect(sessions).toEqual(days.filter((date) => isSession(date)))
        expect(countSessions(from, to)).toBe(sessions.length)
      }),
    )
  })
})

describe('the ends of the calendar', () => {
  test('the first and last day have answers', () => {
    expect(isSession(FIRST)).toBe(false)
    expect(isSession(LAST)).toBe(false)
    expect(sessionAt(0)).toBe('1990-01-02')
    expect(nearestSession(FIRST)).toBe('1990-01-02')
    expect(nearestSession(LAST)).toBe('2050-12-30')
    expect(sessionOnOrBefore(LAST)).toBe('2050-12-30')
    expect(sessionsBetween(day('2050-12-28'), LAST)).toEqual([
      '2050-12-28',
      '2050-12-29',
      '2050-12-30',
    ])
  })

  test.each(['1989-12-29', '1989-12-31', '2051-01-01', '2051-01-03', '0001-01-01', '9999-12-31'])(
    '%s is outside: an error that names it, not an answer',
    (text) => {
      const date = day(text)
      const questions = [
        () => isSession(date),
        () => previousSession(date),
        () => nextSession(date),
        () => nearestSession(date),
        () => sessionsBetween(date, day('2025-01-02')),
        () => countSessions(day('2025-01-02'), date),
      ]
      for (const question of questions) {
        expect(question).toThrow(CalendarRangeError)
        expect(question).toThrow(text)
      }
    },
  )

  test('a neighbour that the calendar does not know is an error that says which', () => {
    expect(() => previousSession(FIRST)).toThrow('the session before 1990-01-01 is outside')
    expect(() => nextSession(LAST)).toThrow('the session after 2050-12-31 is outside')
    expect(() => sessionsBack(sessionAt(2), 3)).toThrow(
      'the session 3 before 1990-01-04 is outside',
    )
    expect(() => sessionAt(-1)).toThrow(CalendarRangeError)
  })
})
