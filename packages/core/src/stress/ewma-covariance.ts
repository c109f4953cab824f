/** A covariance matrix of `size` × `size`, entry (i, j) at `i * size + j`. */
export interface Covariance {
  readonly size: number
  readonly values: Float64Array
  /** Sessions that entered. */
  readonly observations: number
}

const DECAY = 0.94

/**
 * Exponentially weighted covariance around zero, Σ_ij = Σ_t λ^age·z_i·z_j ÷ Σ_t λ^age with λ = 0.94 and
 * age counted in sessions back from the last (J. P. Morgan and Reuters 1996, RiskMetrics Technical
 * Document, 5.2).
 *
 * Missing data: a session on which any column has no value is left out.
 *
 * @param columns of equal length, NaN where there is no value
 */
export function ewmaCovariance(columns: readonly Float64Array[]): Covariance {
  const size = columns.length
  const length = columns[0]?.length ?? 0
  const values = new Float64Array(size * size)
  let [total, observations] = [0, 0]
  for (let t = 0; t < length; t++) {
    const moves = columns.map((column) => column[t] as number)
    if (moves.some(Number.isNaN)) continue
    const weight = DECAY ** (length - 1 - t)
    total += weight
    observations += 1
    for (const [i, a] of moves.entries()) {
      for (const [j, b] of moves.entries()) {
        values[i * size + j] = (values[i * size + j] as number) + weight * a * b
      }
    }
  }
  return { size, values: values.map((value) => value / total), observations }
}
