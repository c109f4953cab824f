import { isNegligible, type Design } from './design.ts'

/** How close the regressors are to linear dependence. */
export interface Collinearity {
  /** Largest ÷ smallest singular value of the standardised columns; null when they are dependent. */
  readonly conditionNumber: number | null
  /**
   * Variance inflation factor of each column: 1 ÷ (1 − R²) of the column on the others, which is the
   * diagonal of the inverse correlation matrix. Null when the columns are dependent.
   */
  readonly varianceInflation: readonly (number | null)[]
}

/** Reads condition number and variance inflation off the decomposition that the design holds. */
export function collinearity(design: Design): Collinearity {
  const { observations, columnCount, singularValues, rightVectors } = design
  const largest = singularValues[0] as number
  const smallest = singularValues[columnCount - 1] as number
  const columns = Array.from({ length: columnCount }, (_, j) => j)
  if (isNegligible(smallest, largest, observations)) {
    return { conditionNumber: null, varianceInflation: columns.map(() => null) }
  }
  const inflation = (j: number): number =>
    singularValues.reduce(
      (sum, sigma, i) => sum + ((rightVectors[j * columnCount + i] as number) / sigma) ** 2,
      0,
    )
  return {
    conditionNumber: largest / smallest,
    varianceInflation: columns.map((j) => observations * inflation(j)),
  }
}
