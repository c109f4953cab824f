import { describe, expect, test } from '@jest/globals'
import fc from '../../harness/fast-check.ts'
import {
  asTradedPrice,
  asTradedVolume,
} from '../../../src/market-data/providers/yahoo/as-traded-figures.ts'

/** Combined ratios of splits that happened, 1 for none. */
const splitRatios = fc.constantFrom(1, 2, 3, 4, 7, 10, 15, 20, 28, 40, 224, 1.5, 1 / 8, 1 / 30)

/** A price as Yahoo serves it: restated, rounded to 6 decimals when it was, kept as a 32-bit float. */
function served(price: number, splits: number): number {
  const restated = splits === 1 ? price : Math.round((price / splits) * 1e6) / 1e6
  return Math.fround(restated)
}

describe('an as-traded figure', () => {
  test('a price in cents comes out to the cent whatever was split later', () => {
    const cents = fc.integer({ min: 100, max: 8_000_000 })
    fc.assert(
      fc.property(cents, splitRatios, (n, splits) => {
        expect(asTradedPrice(served(n / 100, splits), splits)).toBe(n / 100)
      }),
      { numRuns: 2000 },
    )
  })

  test('is the same when its restatement is restated once more', () => {
    const cents = fc.integer({ min: 100, max: 1_000_000 })
    fc.assert(
      fc.property(cents, splitRatios, splitRatios, (n, first, second) => {
        // Beyond that, two roundings to six decimals are more than a cent.
        fc.pre(first * second < 1000)
        const once = Math.round((n / 100 / first) * 1e6) / 1e6
        const twice = Math.fround(Math.round((once / second) * 1e6) / 1e6)
        expect(asTradedPrice(twice, first * second)).toBeCloseTo(n / 100, 2)
      }),
    )
  })

  test('is never further from the product than what the served figure leaves open', () => {
    const prices = fc.double({ min: 0.0001, max: 100_000, noNaN: true })
    fc.assert(
      fc.property(prices, splitRatios, (price, splits) => {
        const noise = price * splits * 2 ** -24 + (splits === 1 ? 0 : splits * 1e-6)
        const off = Math.abs(asTradedPrice(price, splits) - price * splits)
        expect(off).toBeLessThanOrEqual(Math.max(noise, 0.5e-6 * 1.0001))
      }),
    )
  })

  test('a price in finer steps than cents keeps them', () => {
    expect(asTradedPrice(Math.fround(75.0875), 1)).toBe(75.0875)
    expect(asTradedPrice(0.0012, 1)).toBe(0.0012)
  })

  test('a volume is divided and whole', () => {
    expect(asTradedVolume(132_938_645, 7)).toBe(18_991_235)
    expect(asTradedVolume(1001, 2)).toBe(501)
  })
})
