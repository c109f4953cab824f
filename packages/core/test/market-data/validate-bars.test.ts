import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { isSession } from '../../src/calendar/index.ts'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { DailyBar } from '../../src/market-data/bar.ts'
import { bar, validate } from './bars.ts'

// January 2024: Monday 1 and Monday 15 are holidays, 2 is a Tuesday, 6 and 7 are a weekend.

const reasons = (bars: readonly DailyBar[]) =>
  validate(bars).dropped.map(({ date, reason }) => `${date} ${reason}`)

describe('which days are accepted', () => {
  test('sessions up to the effective date, sorted', () => {
    const bars = [bar('2024-01-04', 12), bar('2024-01-02', 10), bar('2024-01-03', 11)]
    const { accepted, dropped } = validate(bars)
    expect(accepted.map(({ date }) => date)).toEqual(['2024-01-02', '2024-01-03', '2024-01-04'])
    expect(dropped).toEqual([])
  })

  test('nothing after the effective date: a partial bar never enters', () => {
    const bars = [bar('2024-01-31', 1), bar('2024-02-01', 2, { dividend: 1 })]
    expect(validate(bars).accepted).toEqual([bar('2024-01-31', 1)])
    expect(reasons(bars)).toEqual(['2024-02-01 after_effective_date'])
  })

  test('nothing before the calendar begins', () => {
    expect(reasons([bar('1989-12-29', 1, { dividend: 1 })])).toEqual(['1989-12-29 before_calendar'])
  })

  test('no bar of a weekend or a holiday', () => {
    const bars = [bar('2024-01-01', 1), bar('2024-01-06', 1), bar('2024-01-15', 1)]
    expect(validate(bars).accepted).toEqual([])
    expect(reasons(bars)).toEqual([
      '2024-01-01 not_a_session',
      '2024-01-06 not_a_session',
      '2024-01-15 not_a_session',
    ])
  })

  test('equal bars of one day count once', () => {
    const once = bar('2024-01-02', 1, { volume: 5 })
    const { accepted, dropped } = validate([once, { ...once }, { ...once }])
    expect(accepted).toEqual([once])
    expect(dropped).toEqual([])
  })

  test('different bars of one day are refused together, the other days stay', () => {
    const bars = [bar('2024-01-02', 1), bar('2024-01-02', 1.01), bar('2024-01-03', 1)]
    expect(validate(bars).accepted).toEqual([bar('2024-01-03', 1)])
    expect(reasons(bars)).toEqual(['2024-01-02 conflicting_duplicates'])
  })
})

describe('which values are accepted', () => {
  test.each([
    ['a close of zero', { close: 0 }, 'invalid_price'],
    ['a negative close', { close: -1 }, 'invalid_price'],
    ['a close that is no number', { close: Number.NaN }, 'invalid_price'],
    ['an infinite high', { high: Infinity }, 'invalid_price'],
    ['an open of zero', { open: 0 }, 'invalid_price'],
    ['a low that is no number', { low: Number.NaN }, 'invalid_price'],
    ['a price that would be stored as zero', { close: 4e-7 }, 'invalid_price'],
    ['a price larger than the table holds', { close: 1e12 }, 'invalid_price'],
    ['a high below the low', { high: 1, low: 2 }, 'high_below_low'],
    ['a negative dividend', { dividend: -0.1 }, 'invalid_event'],
    ['a split of zero', { splitRatio: 0 }, 'invalid_event'],
    ['a split that is no number', { splitRatio: Number.NaN }, 'invalid_event'],
  ])('a bar with %s is refused as a whole', (_title, values, reason) => {
    const bars = [bar('2024-01-02', 10, values), bar('2024-01-03', 10)]
    expect(validate(bars).accepted).toEqual([bar('2024-01-03', 10)])
    expect(reasons(bars)).toEqual([`2024-01-02 ${reason}`])
  })

  test('a refused price does not take its split along: the day keeps the event without a close', () => {
    const { accepted } = validate([bar('2024-01-02', -1, { splitRatio: 7, dividend: 0 })])
    expect(accepted).toEqual([bar('2024-01-02', null, { splitRatio: 7, dividend: 0 })])
  })

  test('a bar without close and without event says nothing', () => {
    const bars = [bar('2024-01-02', null, { dividend: 0, splitRatio: 1 })]
    expect(validate(bars).accepted).toEqual([])
    expect(reasons(bars)).toEqual(['2024-01-02 no_close'])
  })

  test.each([
    [1000, 1000],
    [1000.5, 1001],
    [0, 0],
    [-1, null],
    [Number.NaN, null],
    [Infinity, null],
    [1e300, null],
    [null, null],
  ])('a volume of %p is stored as %p', (volume, kept) => {
    expect(validate([bar('2024-01-02', 1, { volume })]).accepted[0]?.volume).toBe(kept)
  })
})

describe('events', () => {
  test('on a session without a bar are a row of their own, without prices', () => {
    const { accepted, dropped } = validate([
      bar('2024-01-03', null, { dividend: 0.5, open: 3, volume: 7 }),
    ])
    expect(accepted).toEqual([bar('2024-01-03', null, { dividend: 0.5 })])
    expect(dropped).toEqual([])
  })

  test('of a non-session move to the next session, dividends add and splits multiply', () => {
    const { accepted } = validate([
      bar('2024-01-06', null, { splitRatio: 2 }),
      bar('2024-01-07', null, { dividend: 0.5 }),
      bar('2024-01-08', 10, { dividend: 0.25, splitRatio: 1 }),
    ])
    expect(accepted).toEqual([bar('2024-01-08', 10, { dividend: 0.75, splitRatio: 2 })])
  })

  test('of a dropped non-session bar move too', () => {
    const { accepted, dropped } = validate([bar('2024-01-06', 9, { dividend: 0.5, splitRatio: 1 })])
    expect(accepted).toEqual([bar('2024-01-08', null, { dividend: 0.5 })])
    expect(dropped).toHaveLength(1)
  })

  test('a dividend that moves over a split is paid on the new, smaller shares', () => {
    const { accepted } = validate([
      bar('2024-01-06', null, { dividend: 1.4 }),
      bar('2024-01-08', 10, { splitRatio: 7 }),
    ])
    expect(accepted[0]?.dividend).toBeCloseTo(0.2, 14)
  })

  test('that are possible each but not together: the later bar is refused', () => {
    const { accepted, dropped } = validate([
      bar('2024-01-06', null, { splitRatio: 1e-9 }),
      bar('2024-01-07', null, { splitRatio: 1e-9, dividend: 0.5 }),
      bar('2024-01-08', 10, { splitRatio: 1 }),
    ])
    expect(accepted).toEqual([bar('2024-01-08', 10, { splitRatio: 1e-9 })])
    expect(dropped).toEqual([
      {
        date: '2024-01-07',
        reason: 'invalid_event',
        detail: expect.stringContaining('split ratio'),
      },
    ])
  })

  test('that a non-session had none does not say that the next session has none', () => {
    const weekend = bar('2024-01-06', 9, { dividend: 0, splitRatio: 1 })
    expect(validate([weekend, bar('2024-01-08', 9)]).accepted).toEqual([bar('2024-01-08', 9)])
  })
})

describe('whatever is served', () => {
  const number = fc.oneof(
    fc.constantFrom(null, Number.NaN, 0, -1, Infinity, 1, 1e13, 1e-9),
    fc.double({ min: 0.5, max: 200, noNaN: true }),
  )
  const date = fc
    .date({ min: new Date('2023-12-20'), max: new Date('2024-02-05'), noInvalidDate: true })
    .map((instant) => instant.toISOString().slice(0, 10) as IsoDate)
  const anyBar: fc.Arbitrary<DailyBar> = fc.record({
    date,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    dividend: number,
    splitRatio: number,
  })
  const anyBars = fc.array(anyBar, { maxLength: 40 })

  test('neither order nor repetition changes the verdict', () => {
    const shuffled = anyBars.chain((bars) =>
      fc.tuple(
        fc.constant(bars),
        fc.shuffledSubarray([...bars, ...bars], { minLength: 2 * bars.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([bars, mixed]) => {
        const { accepted, quarantined } = validate(bars)
        const again = validate(mixed)
        expect(again.accepted).toEqual(accepted)
        expect(again.quarantined).toEqual(quarantined)
      }),
      { numRuns: 500 },
    )
  })

  test('only storable rows are accepted, one per session, and every other day has a reason', () => {
    fc.assert(
      fc.property(anyBars, (bars) => {
        const { accepted, dropped, quarantined } = validate(bars)
        const dates = accepted.map((row) => row.date)
        expect(dates).toEqual([...new Set(dates)].sort())
        for (const row of accepted) {
          expect(isSession(row.date) && row.date <= '2024-01-31').toBe(true)
          const prices = [row.open, row.high, row.low, row.close].filter((price) => price !== null)
          expect(prices.every((price) => price > 0 && price < 1e12)).toBe(true)
          expect(row.high !== null && row.low !== null && row.high < row.low).toBe(false)
          expect(row.volume === null || Number.isSafeInteger(row.volume)).toBe(true)
        }
        const explained = new Set<string>(
          [...accepted, ...dropped, ...quarantined].map((x) => x.date),
        )
        const unexplained = bars.filter((x) => !explained.has(x.date) && isSession(x.date))
        expect(unexplained).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('what was accepted is accepted again as it is', () => {
    fc.assert(
      fc.property(anyBars, (bars) => {
        const { accepted } = validate(bars, { checkMoves: false })
        const again = validate(accepted, { checkMoves: false })
        expect(again).toEqual({ accepted, dropped: [], quarantined: [] })
      }),
    )
  })
})
