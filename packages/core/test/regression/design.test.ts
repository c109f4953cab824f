import { describe, expect, test } from '@jest/globals'
import { collinearity } from '../../src/regression/collinearity.ts'
import { prepareDesign } from '../../src/regression/design.ts'
import { designOf, fitColumns } from './fit-columns.ts'
import { combine, randomColumns } from './random-columns.ts'

const ROWS = 90
const [x = new Float64Array(), y = new Float64Array(), z = new Float64Array()] = randomColumns(
  11,
  3,
  ROWS,
)

describe('a design is refused', () => {
  test('with fewer rows than leave a degree of freedom', () => {
    const first = (rows: number) => [x.subarray(0, rows), y.subarray(0, rows)]
    expect(prepareDesign(first(3), 0)).toEqual({ ok: false, reason: 'too_few_rows' })
    expect(prepareDesign(first(4), 0)).toMatchObject({ ok: true })
    expect(prepareDesign([], 0)).toEqual({ ok: false, reason: 'too_few_rows' })
  })

  test.each([0, 0.01, 1 / 3])('with a column that is always %p, penalised or not', (constant) => {
    const flat = new Float64Array(ROWS).fill(constant)
    expect(prepareDesign([x, flat], 0)).toEqual({ ok: false, reason: 'constant_column' })
    expect(prepareDesign([x, flat], 1)).toEqual({ ok: false, reason: 'constant_column' })
  })

  test('with dependent columns, unless a penalty makes the answer unique', () => {
    const dependent = [x, y, combine([x, y], [2, -1])]
    expect(prepareDesign(dependent, 0)).toEqual({ ok: false, reason: 'collinear_columns' })
    expect(prepareDesign(dependent, 1)).toMatchObject({ ok: true })
  })
})

describe('a design knows', () => {
  test('its columns standardised by population deviation', () => {
    const design = designOf([Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(10, 0, 10, 0, 10)], 0)
    expect(design.scales[0]).toBeCloseTo(Math.sqrt(2), 14)
    expect(design.scales[1]).toBeCloseTo(Math.sqrt(24), 14)
    expect(design.standardized[0]).toBeCloseTo(-Math.sqrt(2), 14)
  })

  test('its effective parameters: all of them without a penalty, fewer with one', () => {
    expect(designOf([x, y, z], 0).effectiveParameters).toBeCloseTo(3, 13)
    // One standardised column: σ² = n, so n ÷ (n + α).
    expect(designOf([x], 10).effectiveParameters).toBeCloseTo(ROWS / (ROWS + 10), 13)
  })
})

describe('collinearity', () => {
  test('variance inflation is one over one minus the R² of a column on the others', () => {
    const columns = [x, y, combine([x, y, z], [1, 0.5, 0.2])]
    const { varianceInflation } = collinearity(designOf(columns, 0))
    for (const j of columns.keys()) {
      const others = columns.filter((_, other) => other !== j)
      const { rSquared } = fitColumns(designOf(others, 0), [columns[j] ?? x])
      expect(varianceInflation[j]).toBeCloseTo(1 / (1 - (rSquared[0] ?? NaN)), 9)
    }
  })

  test('of two columns follows from their correlation alone', () => {
    const { rSquared } = fitColumns(designOf([x], 0), [y])
    const rho = Math.sqrt(rSquared[0] ?? NaN)
    const { conditionNumber } = collinearity(designOf([x, y], 1))
    expect(conditionNumber).toBeCloseTo(Math.sqrt((1 + rho) / (1 - rho)), 12)
  })

  test('of dependent columns has no finite number', () => {
    expect(collinearity(designOf([x, x], 1))).toEqual({
      conditionNumber: null,
      varianceInflation: [null, null],
    })
  })
})
