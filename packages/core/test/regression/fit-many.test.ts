import { describe, expect, test } from '@jest/globals'
import { MultivariateLinearRegression } from 'ml-regression'
import { fitMany } from '../../src/regression/fit-many.ts'
import { designOf, fitColumns } from './fit-columns.ts'
import { combine, randomColumns } from './random-columns.ts'

const ROWS = 120

/** Outputs that follow the columns with noise, and some that do not. */
function outputsOf(columns: readonly Float64Array[], count: number): Float64Array[] {
  const noise = randomColumns(77, count, ROWS)
  return noise.map((own, i) =>
    combine([...columns, own], [...columns.map((_, j) => Math.sin(3 * i + j)), 0.5]),
  )
}

const rowsOf = (columns: readonly Float64Array[]): number[][] =>
  Array.from({ length: columns[0]?.length ?? 0 }, (_, t) =>
    columns.map((column) => column[t] ?? NaN),
  )

describe('least squares', () => {
  test('gives the numbers of a sum done by hand', () => {
    // x = 1..5, y = 2 4 5 4 5: Sxx = 10, Sxy = 6, SST = 6, SSE = 2.4, three degrees of freedom.
    const fits = fitColumns(designOf([Float64Array.of(1, 2, 3, 4, 5)], 0), [
      Float64Array.of(2, 4, 5, 4, 5),
    ])
    expect(fits.beta[0]).toBeCloseTo(0.6, 14)
    expect(fits.stdError[0]).toBeCloseTo(Math.sqrt(2.4 / 3 / 10), 14)
    expect(fits.tStat[0]).toBeCloseTo(0.6 / Math.sqrt(0.08), 13)
    expect(fits.rSquared[0]).toBeCloseTo(0.6, 14)
  })

  test('of seven columns and fifty outputs agrees with ml-regression', () => {
    const columns = randomColumns(1, 7, ROWS)
    const outputs = outputsOf(columns, 50)
    const fits = fitColumns(designOf(columns, 0), outputs)
    const oracle = new MultivariateLinearRegression(rowsOf(columns), rowsOf(outputs), {
      intercept: true,
      statistics: false,
    })
    for (const i of outputs.keys()) {
      for (const j of columns.keys()) {
        expect(fits.beta[i * 7 + j]).toBeCloseTo(oracle.weights[j]?.[i] ?? NaN, 12)
      }
    }
  })

  test('keeps nine digits on columns that differ by a hundred-thousandth', () => {
    const [x = new Float64Array(), z = new Float64Array()] = randomColumns(2, 2, ROWS)
    const twin = combine([x, z], [1, 1e-5])
    const fits = fitColumns(designOf([x, twin], 0), [combine([x, twin], [2, -3])])
    expect(Math.abs((fits.beta[0] ?? NaN) - 2)).toBeLessThan(1e-9)
    expect(Math.abs((fits.beta[1] ?? NaN) + 3)).toBeLessThan(1e-9)
  })
})

describe('ridge', () => {
  const alpha = 1
  const columns = randomColumns(3, 6, ROWS)
  const outputs = outputsOf(columns, 20)

  test('equals least squares on rows augmented by the root of the penalty', () => {
    const design = designOf(columns, alpha)
    const fits = fitColumns(design, outputs)
    const standardized = columns.map((_, j) =>
      Array.from(design.standardized.subarray(j * ROWS, (j + 1) * ROWS)),
    )
    const penalty = columns.map((_, j) =>
      columns.map((__, other) => (other === j ? Math.sqrt(alpha) : 0)),
    )
    const augmented = standardized.map((column, j) =>
      Float64Array.from([...column, ...(penalty[j] ?? [])]),
    )
    const centred = outputs.map((output) => {
      const mean = output.reduce((sum, value) => sum + value, 0) / ROWS
      return Float64Array.from([...output.map((value) => value - mean), ...columns.map(() => 0)])
    })
    const oracle = new MultivariateLinearRegression(rowsOf(augmented), rowsOf(centred), {
      intercept: false,
      statistics: false,
    })
    for (const i of outputs.keys()) {
      for (const j of columns.keys()) {
        const expected = (oracle.weights[j]?.[i] ?? NaN) / (design.scales[j] ?? NaN)
        expect(fits.beta[i * columns.length + j]).toBeCloseTo(expected, 12)
      }
    }
  })

  test('becomes least squares, errors included, as the penalty vanishes', () => {
    const exact = fitColumns(designOf(columns, 0), outputs)
    const gap = (penalty: number) => {
      const fits = fitColumns(designOf(columns, penalty), outputs)
      const relative = (list: 'beta' | 'stdError') =>
        Math.max(...fits[list].map((value, i) => Math.abs(value / (exact[list][i] ?? NaN) - 1)))
      return { beta: relative('beta'), stdError: relative('stdError') }
    }
    const [coarse, fine, finest] = [gap(1e-2), gap(1e-4), gap(1e-9)]
    expect(coarse.stdError).toBeGreaterThan(1e-5)
    // The gap is proportional to a small penalty.
    expect(fine.stdError / coarse.stdError).toBeCloseTo(1e-2, 3)
    expect(fine.beta / coarse.beta).toBeCloseTo(1e-2, 3)
    expect(finest.stdError).toBeLessThan(1e-10)
  })

  test('shares the effect equally between two identical columns', () => {
    const [x = new Float64Array()] = columns
    const fits = fitColumns(designOf([x, x], alpha), [x])
    expect(fits.beta[0]).toBeCloseTo(fits.beta[1] ?? NaN, 12)
    expect((fits.beta[0] ?? NaN) + (fits.beta[1] ?? NaN)).toBeCloseTo(
      (2 * ROWS) / (2 * ROWS + alpha),
      12,
    )
  })
})

describe('degenerate outputs', () => {
  const columns = randomColumns(4, 2, ROWS)

  test('an output reproduced exactly has error 0, R² 1 and no t', () => {
    const fits = fitColumns(designOf(columns, 0), [combine(columns, [1.5, -0.25])])
    expect(fits.beta[0]).toBeCloseTo(1.5, 13)
    expect(fits.beta[1]).toBeCloseTo(-0.25, 13)
    expect([...fits.stdError]).toEqual([0, 0])
    expect([...fits.tStat]).toEqual([NaN, NaN])
    expect(fits.rSquared[0]).toBe(1)
  })

  test('an output off by a millionth of itself is not taken for exact', () => {
    const [noise = new Float64Array()] = randomColumns(5, 1, ROWS)
    const fits = fitColumns(designOf(columns, 0), [combine([...columns, noise], [1, 1, 1e-6])])
    expect(fits.stdError[0]).toBeGreaterThan(0)
    expect(fits.rSquared[0]).toBeLessThan(1)
  })

  test.each([0, 0.01, -1 / 3])(
    'the constant %p has beta 0, error 0, no t and no R²',
    (constant) => {
      const fits = fitColumns(designOf(columns, 1), [new Float64Array(ROWS).fill(constant)])
      expect([...fits.beta, ...fits.stdError]).toEqual([0, 0, 0, 0])
      expect([...fits.tStat, ...fits.rSquared]).toEqual([NaN, NaN, NaN])
    },
  )
})

describe('outputs beside one another', () => {
  test('get the same bits alone, in company and from scattered rows', () => {
    const columns = randomColumns(6, 6, ROWS)
    const design = designOf(columns, 1)
    const outputs = outputsOf(columns, 9)
    const together = fitColumns(design, outputs)
    const rows = Int32Array.from({ length: ROWS }, (_, t) => 2 * t + 1)
    for (const [i, output] of outputs.entries()) {
      const own = Array.from(together.beta.subarray(i * 6, (i + 1) * 6))
      const ownErrors = Array.from(together.stdError.subarray(i * 6, (i + 1) * 6))
      const alone = fitColumns(design, [output])
      expect([...alone.beta]).toEqual(own)
      expect([...alone.stdError]).toEqual(ownErrors)
      const scattered = new Float64Array(2 * ROWS + 5).fill(NaN)
      for (const [t, value] of output.entries()) scattered[5 + 2 * t] = value
      const fromGaps = fitMany(design, { values: scattered, starts: Int32Array.of(4), rows })
      expect([...fromGaps.beta]).toEqual(own)
      expect(fromGaps.rSquared[0]).toBe(together.rSquared[i])
    }
  })
})
