import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** Eigenvalues above this are taken for zeros blurred by rounding. */
const SMALLEST_EIGENVALUE = -1e-10

/** A symmetric matrix of n × n, entry (i, j) at `i * n + j`. */
export interface SquareMatrix {
  readonly size: number
  readonly values: Float64Array
}

/** Whether no eigenvalue is below −1e-10: whether the matrix, shifted by that, has a Cholesky factor. */
export function isPositiveSemidefinite({ size, values }: SquareMatrix): boolean {
  const factor = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = values[i * size + j] as number
      if (i === j) sum -= SMALLEST_EIGENVALUE
      for (let k = 0; k < j; k++) {
        sum -= (factor[i * size + k] as number) * (factor[j * size + k] as number)
      }
      if (i === j && sum <= 0) return false
      factor[i * size + j] = i === j ? Math.sqrt(sum) : sum / (factor[j * size + j] as number)
    }
  }
  return true
}

/**
 * The correlation matrix that clipping negative eigenvalues at 0 leaves, scaled back to a diagonal of 1
 * (Rousseeuw and Molenberghs 1993, Transformation of non positive semidefinite correlation matrices).
 */
export function clipEigenvalues({ size, values }: SquareMatrix): SquareMatrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.from1DArray(size, size, values),
    { assumeSymmetric: true },
  )
  // Rows of V·√Λ have the clipped matrix as their inner products; unit rows have a correlation matrix.
  const rows = Array.from({ length: size }, (_, i) => {
    const row = Float64Array.from(
      realEigenvalues,
      (value, k) => eigenvectorMatrix.get(i, k) * Math.sqrt(Math.max(0, value)),
    )
    const norm = Math.hypot(...row)
    return row.map((entry) => entry / norm)
  })
  const repaired = new Float64Array(size * size)
  for (const [i, a] of rows.entries()) {
    for (const [j, b] of rows.entries()) {
      repaired[i * size + j] =
        i === j ? 1 : a.reduce((sum, entry, k) => sum + entry * (b[k] as number), 0)
    }
  }
  return { size, values: repaired }
}
