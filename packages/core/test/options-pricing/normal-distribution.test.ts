import { describe, expect, test } from '@jest/globals'
import { normalDensity, normalDistribution } from '../../src/options-pricing/normal-distribution.ts'

/**
 * ½ + φ(x)·Σ x^(2n+1) ÷ (2n+1)!!, all terms of one sign: another way to the same number. For x < 0 the
 * sum is negative and cancels against the half, so that only the absolute error is small there.
 */
function bySeries(x: number): number {
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (x * x) / (2 * n + 1)
    sum += term
  }
  return 0.5 + normalDensity(x) * sum
}

describe('the normal distribution', () => {
  test('agrees with its power series to 1e-15 between −6 and 6', () => {
    for (let i = -600; i <= 600; i++) {
      const x = i / 100 + 0.00037
      expect(Math.abs(normalDistribution(x) - bySeries(x))).toBeLessThan(1e-15)
    }
  })

  // From tables with more digits than a double has.
  test.each([
    [-1, 0.15865525393145705],
    [-3, 0.0013498980316300946],
    [-6, 9.865876450376981e-10],
    [-10, 7.61985302416052e-24],
    [-20, 2.7536241186062337e-89],
    [-37, 5.725571222524532e-300],
  ])('of %p keeps thirteen digits of its tail', (x, expected) => {
    expect(Math.abs(normalDistribution(x) / expected - 1)).toBeLessThan(1e-13)
  })

  test('of plus and minus x add up to one, and of infinity is certain', () => {
    for (const x of [0, 1e-300, 0.3, 0.66291, 2.5, 5.65685, 5.6569, 8]) {
      expect(normalDistribution(x) + normalDistribution(-x)).toBeCloseTo(1, 15)
    }
    expect(normalDistribution(Infinity)).toBe(1)
    expect(normalDistribution(-Infinity)).toBe(0)
    expect(normalDistribution(0)).toBe(0.5)
  })
})
