import { Matrix, SVD } from 'ml-matrix'

/**
 * A least-squares problem prepared for any number of outputs over the same rows: k regressors with
 * intercept, standardised by mean and population standard deviation.
 *
 * Matrices of k rows and n columns are laid out row by row: entry (j, t) is `matrix[j * observations + t]`.
 */
export interface Design {
  /** Rows of the regression, n. */
  readonly observations: number
  /** Regressors without the intercept, k. */
  readonly columnCount: number
  /** The ridge penalty on the standardised coefficients; 0 = least squares. */
  readonly alpha: number
  /** The standardised regressors, k × n. */
  readonly standardized: Float64Array
  /** Population standard deviation of each regressor in its own units. */
  readonly scales: Float64Array
  /** k × n: the standardised coefficients of an output are this matrix times the centred output. */
  readonly projection: Float64Array
  /** Diagonal of A X'X A, A = (X'X + αI)⁻¹: the coefficients' variances in units of the residual variance. */
  readonly varianceFactors: Float64Array
  /** tr(X A X'): the regressors' effective degrees of freedom, k without a penalty. */
  readonly effectiveParameters: number
  /** Singular values of the standardised regressors, descending. */
  readonly singularValues: Float64Array
  /** Right singular vectors, k × k, entry (j, i) at `j * columnCount + i`. */
  readonly rightVectors: Float64Array
}

/** Why a least-squares problem cannot be prepared. */
export type DesignRefusal = 'too_few_rows' | 'constant_column' | 'collinear_columns'

export type PreparedDesign =
  | { readonly ok: true; readonly design: Design }
  | { readonly ok: false; readonly reason: DesignRefusal }

/**
 * Prepares the ridge problem min ‖y − Xb‖² + α‖b‖² on standardised columns; α = 0 is least squares.
 *
 * One singular value decomposition X = UΣV' gives everything without forming or inverting X'X, so
 * nearly collinear columns need no second path: coefficients V diag(σ ÷ (σ² + α)) U'y, variance
 * factors diag(V diag(σ² ÷ (σ² + α)²) V'), effective parameters Σ σ² ÷ (σ² + α).
 * Source: Hoerl and Kennard 1970; Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 3.4.1.
 *
 * Missing data: none allowed, every column holds n finite numbers.
 *
 * Refusals: fewer than k + 2 rows (no residual degree of freedom), a column that is constant up to
 * rounding, columns that are linearly dependent up to rounding while α = 0.
 *
 * @param columns k arrays of n values
 */
export function prepareDesign(columns: readonly Float64Array[], alpha: number): PreparedDesign {
  const columnCount = columns.length
  const observations = columns[0]?.length ?? 0
  if (columnCount === 0 || observations < columnCount + 2) return refusal('too_few_rows')

  const standardized = new Float64Array(columnCount * observations)
  const scales = new Float64Array(columnCount)
  for (const [j, column] of columns.entries()) {
    const target = standardized.subarray(j * observations, (j + 1) * observations)
    const scale = standardize(column, target)
    if (scale === 0) return refusal('constant_column')
    scales[j] = scale
  }

  const { singularValues, rightVectors, leftVectors } = decompose(standardized, columnCount)
  const largest = singularValues[0] ?? 0
  const smallest = singularValues[columnCount - 1] ?? 0
  if (alpha === 0 && isNegligible(smallest, largest, observations)) {
    return refusal('collinear_columns')
  }

  const projection = new Float64Array(columnCount * observations)
  const varianceFactors = new Float64Array(columnCount)
  let effectiveParameters = 0
  for (const [i, sigma] of singularValues.entries()) {
    const gain = sigma / (sigma * sigma + alpha)
    effectiveParameters += gain * sigma
    for (let j = 0; j < columnCount; j++) {
      const weight = (rightVectors[j * columnCount + i] as number) * gain
      varianceFactors[j] = (varianceFactors[j] as number) + weight * weight
      addScaled(
        projection.subarray(j * observations, (j + 1) * observations),
        leftVectors.subarray(i * observations, (i + 1) * observations),
        weight,
      )
    }
  }
  return {
    ok: true,
    design: {
      observations,
      columnCount,
      alpha,
      standardized,
      scales,
      projection,
      varianceFactors,
      effectiveParameters,
      singularValues,
      rightVectors,
    },
  }
}

/** Whether `value` is rounding noise beside `reference` after sums over `terms` numbers. */
export function isNegligible(value: number, reference: number, terms: number): boolean {
  return value <= terms * Number.EPSILON * Math.abs(reference)
}

function refusal(reason: DesignRefusal): PreparedDesign {
  return { ok: false, reason }
}

/** Writes (x − mean) ÷ scale into `target`; returns the scale, 0 for a column constant up to rounding. */
function standardize(column: Float64Array, target: Float64Array): number {
  const n = column.length
  let sum = 0
  for (let t = 0; t < n; t++) sum += column[t] as number
  const mean = sum / n
  let squares = 0
  for (let t = 0; t < n; t++) squares += ((column[t] as number) - mean) ** 2
  const scale = Math.sqrt(squares / n)
  if (isNegligible(scale, mean, n)) return 0
  for (let t = 0; t < n; t++) target[t] = ((column[t] as number) - mean) / scale
  return scale
}

interface Decomposition {
  readonly singularValues: Float64Array
  /** V, k × k. */
  readonly rightVectors: Float64Array
  /** U', k × n. */
  readonly leftVectors: Float64Array
}

function decompose(standardized: Float64Array, columnCount: number): Decomposition {
  const n = standardized.length / columnCount
  // One standardised column is its own decomposition: its norm is √n.
  if (columnCount === 1) {
    const norm = Math.sqrt(n)
    return {
      singularValues: Float64Array.of(norm),
      rightVectors: Float64Array.of(1),
      leftVectors: standardized.map((x) => x / norm),
    }
  }
  // The rows at hand are X', whose decomposition VΣU' has the same factors.
  const transposed = Matrix.from1DArray(columnCount, n, standardized)
  const svd = new SVD(transposed, { autoTranspose: true })
  return {
    singularValues: Float64Array.from(svd.diagonal),
    rightVectors: rowByRow(svd.leftSingularVectors),
    leftVectors: rowByRow(svd.rightSingularVectors.transpose()),
  }
}

function rowByRow(matrix: Matrix): Float64Array {
  const { rows, columns } = matrix
  const values = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) values[i * columns + j] = matrix.get(i, j)
  }
  return values
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let t = 0; t < target.length; t++) {
    target[t] = (target[t] as number) + factor * (source[t] as number)
  }
}
