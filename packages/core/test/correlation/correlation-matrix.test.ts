import { describe, expect, test } from '@jest/globals'
import {
  clipEigenvalues,
  isPositiveSemidefinite,
  type SquareMatrix,
} from '../../src/correlation/correlation-matrix.ts'
import { dropIncomplete } from '../../src/correlation/drop-incomplete.ts'

const matrix = (...rows: readonly (readonly number[])[]): SquareMatrix => ({
  size: rows.length,
  values: Float64Array.from(rows.flat()),
})

/** Three symbols cannot all be opposites of each other. */
const IMPOSSIBLE = matrix([1, -0.9, -0.9], [-0.9, 1, -0.9], [-0.9, -0.9, 1])

describe('a correlation matrix', () => {
  test('is told from one that cannot be', () => {
    expect(isPositiveSemidefinite(matrix([1, 0.5], [0.5, 1]))).toBe(true)
    expect(isPositiveSemidefinite(matrix([1, 1], [1, 1]))).toBe(true)
    expect(isPositiveSemidefinite(IMPOSSIBLE)).toBe(false)
    // The smallest eigenvalue of equal correlations ρ of three is 1 + 2ρ.
    const equal = (rho: number) => matrix([1, rho, rho], [rho, 1, rho], [rho, rho, 1])
    expect(isPositiveSemidefinite(equal(-0.5 - 4e-11))).toBe(true)
    expect(isPositiveSemidefinite(equal(-0.5 - 6e-11))).toBe(false)
  })

  test('is repaired into the nearest possible three opposites, −0.5 each', () => {
    const { values } = clipEigenvalues(IMPOSSIBLE)
    expect([...values].map((value) => Number(value.toFixed(12)))).toEqual([
      1, -0.5, -0.5, -0.5, 1, -0.5, -0.5, -0.5, 1,
    ])
  })

  test('that is possible is left as it is by a repair', () => {
    const possible = matrix([1, 0.3, -0.2], [0.3, 1, 0.6], [-0.2, 0.6, 1])
    for (const [i, value] of clipEigenvalues(possible).values.entries()) {
      expect(value).toBeCloseTo(possible.values[i] ?? NaN, 13)
    }
  })
})

describe('symbols without a common history', () => {
  test('a new listing goes, and not everybody else', () => {
    const lacking = matrix([1, 0.5, NaN], [0.5, 1, NaN], [NaN, NaN, 1])
    expect(dropIncomplete(lacking, [90, 90, 10])).toEqual([0, 1])
  })

  test('of two that lack each other the shorter goes, then the later', () => {
    const lacking = matrix([1, NaN], [NaN, 1])
    expect(dropIncomplete(lacking, [40, 50])).toEqual([1])
    expect(dropIncomplete(lacking, [40, 40])).toEqual([0])
  })
})
