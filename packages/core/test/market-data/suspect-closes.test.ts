import { describe, expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import { bar, stored, validate } from './bars.ts'

const closesOf = (accepted: readonly { date: string; close: number | null }[]) =>
  accepted.map(({ date, close }) => [date.slice(8), close])

describe('a close that moved too far', () => {
  test('is held back, and the next ordinary close is judged by the last believed one', () => {
    const bars = [bar('2024-01-02', 10), bar('2024-01-03', 1000), bar('2024-01-04', 11)]
    const { accepted, quarantined } = validate(bars)
    expect(closesOf(accepted)).toEqual([
      ['02', 10],
      ['04', 11],
    ])
    expect(quarantined).toEqual([{ date: '2024-01-03', close: 1000, previousClose: 10, move: 99 }])
  })

  test('is judged against the last stored close too', () => {
    const { accepted, quarantined } = validate([bar('2024-01-03', 17)], {
      previous: stored({ '2023-12-28': 99, '2023-12-29': 10 }),
    })
    expect(accepted).toEqual([])
    expect(quarantined).toMatchObject([{ previousClose: 10 }])
  })

  test.each([
    [16, true],
    [16.01, false],
    [4, true],
    [3.99, false],
  ])('of 60 percent: a close of %d after 10 is believed: %p', (close, isBelieved) => {
    const { accepted } = validate([bar('2024-01-03', close)], {
      previous: stored({ '2024-01-02': 10 }),
    })
    expect(accepted).toHaveLength(isBelieved ? 1 : 0)
  })

  test('counts splits and dividends as part of the return', () => {
    const previous = stored({ '2024-01-02': 700 })
    expect(validate([bar('2024-01-03', 100, { splitRatio: 7 })], { previous }).quarantined).toEqual(
      [],
    )
    expect(validate([bar('2024-01-03', 200, { dividend: 450 })], { previous }).quarantined).toEqual(
      [],
    )
  })

  test('is suspect when prices follow no split that is announced', () => {
    const { accepted, quarantined } = validate([bar('2024-01-03', 700, { splitRatio: 7 })], {
      previous: stored({ '2024-01-02': 700 }),
    })
    expect(quarantined).toMatchObject([{ move: 6 }])
    expect(accepted).toEqual([bar('2024-01-03', null, { splitRatio: 7 })])
  })

  test('counts the events of days without a close in between', () => {
    const bars = [bar('2024-01-03', null, { splitRatio: 7 }), bar('2024-01-04', 100)]
    expect(validate(bars, { previous: stored({ '2024-01-02': 700 }) }).quarantined).toEqual([])
  })

  test('is believed when a second source confirms that day', () => {
    const options = { previous: stored({ '2024-01-02': 10 }) }
    const confirmed = (date: string) => ({ ...options, confirmedDates: new Set([date as IsoDate]) })
    const bars = [bar('2024-01-03', 30)]
    expect(validate(bars, confirmed('2024-01-03')).accepted).toHaveLength(1)
    expect(validate(bars, confirmed('2024-01-04')).accepted).toHaveLength(0)
  })

  test.each([
    ['both lie near it', [30, 26], 3],
    ['one is still missing', [30], 0],
    ['the second falls back', [30, 12], 1],
    ['the first falls back', [12, 30], 1],
  ])('is released by the next two closes only: %s', (_title, next, believed) => {
    const closes = [30, ...next]
    const bars = closes.map((close, i) => bar(`2024-01-0${i + 3}`, close))
    const { accepted } = validate(bars, { previous: stored({ '2024-01-02': 10 }) })
    expect(accepted).toHaveLength(believed)
  })

  test('is released by next closes that a split divides', () => {
    const bars = [
      bar('2024-01-03', 30),
      bar('2024-01-04', 15, { splitRatio: 2 }),
      bar('2024-01-05', 16),
    ]
    expect(validate(bars, { previous: stored({ '2024-01-02': 10 }) }).quarantined).toEqual([])
  })

  test('is released by closes that are stored already', () => {
    const previous = stored({ '2024-01-02': 10, '2024-01-04': 31, '2024-01-05': 29 })
    expect(validate([bar('2024-01-03', 30)], { previous }).accepted).toHaveLength(1)
  })

  test('leaves the older close of its day as the base of the next', () => {
    const previous = stored({ '2024-01-02': 10, '2024-01-03': 14 })
    const bars = [bar('2024-01-03', 1000), bar('2024-01-04', 20)]
    expect(closesOf(validate(bars, { previous }).accepted)).toEqual([['04', 20]])
  })

  test('keeps its events: the day stays as an event without a close', () => {
    const bars = [bar('2024-01-03', 1000, { dividend: 0.5 }), bar('2024-01-04', 11)]
    const { accepted } = validate(bars, { previous: stored({ '2024-01-02': 10 }) })
    expect(accepted).toEqual([bar('2024-01-03', null, { dividend: 0.5 }), bar('2024-01-04', 11)])
  })

  test('is nothing special for symbols that do move like that', () => {
    const options = { previous: stored({ '2024-01-02': 10 }), checkMoves: false }
    expect(validate([bar('2024-01-03', 1000)], options).accepted).toHaveLength(1)
  })

  test('cannot be told for the first close ever', () => {
    expect(validate([bar('2024-01-03', 1000)]).accepted).toHaveLength(1)
  })
})
