import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { splitRatioFromDecimal } from '../../src/returns/split-ratio.ts'

describe('a split ratio read from a decimal', () => {
  test.each([
    ['7.0000000000', 7],
    ['0.125', 1 / 8],
    ['0.333333', 1 / 3],
    ['0.1428571429', 1 / 7],
    ['1.0416666667', 25 / 24],
    ['0.96', 24 / 25],
    ['1.281', 1281 / 1000],
    ['0.0001', 1 / 10_000],
    [1.5, 3 / 2],
  ])('%p is its fraction', (decimal, fraction) => {
    expect(splitRatioFromDecimal(decimal)).toBe(fraction)
  })

  test('gives back every ratio of terms up to 100 from the ten decimals that the database keeps', () => {
    const term = fc.integer({ min: 1, max: 100 })
    fc.assert(
      fc.property(term, term, (to, from) => {
        const ratio = splitRatioFromDecimal((to / from).toFixed(10))
        expect(Math.abs(ratio / (to / from) - 1)).toBeLessThanOrEqual(Number.EPSILON)
      }),
    )
  })

  test.each([0, -2, NaN, Infinity, 'seven'])('refuses %p', (ratio) => {
    expect(() => splitRatioFromDecimal(ratio)).toThrow(RangeError)
  })
})
