import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix'
import type { Covariance } from './ewma-covariance.ts'

/** A known combination of moves: Σ weights_k·z_k = value. */
export interface Condition {
  readonly weights: Float64Array
  readonly value: number
}

/** Above this the answer is mostly rounding. */
const LARGEST_CONDITION_NUMBER = 1e8

/**
 * The expected moves of all factors given some combinations C·z = c of jointly normal moves of mean 0:
 * E[z | c] = Σ C' (C Σ C')⁻¹ c; with single factors known this is Σ_us Σ_ss⁻¹ z_s for the others
 * (Anderson, An Introduction to Multivariate Statistical Analysis, 2.5).
 *
 * Null when the condition number of C Σ C' is above 1e8.
 */
export function conditionalMoves(
  covariance: Covariance,
  conditions: readonly Condition[],
): Float64Array | null {
  const { size, values } = covariance
  const sigma = Matrix.from1DArray(size, size, values)
  const c = new Matrix(conditions.map(({ weights }) => weights))
  const known = c.mmul(sigma).mmul(c.transpose())
  const eigenvalues = new EigenvalueDecomposition(known, { assumeSymmetric: true }).realEigenvalues
  const [smallest, largest] = [Math.min(...eigenvalues), Math.max(...eigenvalues)]
  if (!(smallest > 0 && largest / smallest <= LARGEST_CONDITION_NUMBER)) return null
  const target = Matrix.columnVector(conditions.map(({ value }) => value))
  return Float64Array.from(sigma.mmul(c.transpose()).mmul(solve(known, target)).to1DArray())
}
