import type { ReturnColumn } from './return-columns.ts'

/** Fewest common returns of a pair. */
const MIN_COMMON_RETURNS = 30
/** A deviation this small beside the mean is rounding: the returns are constant. */
const NEGLIGIBLE = 1e-13

/**
 * Pearson's correlation of two return columns over the sessions on which both have a return.
 *
 * Missing data: NaN with fewer than 30 of them, or when one of the two does not vary on them.
 */
export function pairCorrelation(a: ReturnColumn, b: ReturnColumn): number {
  if (a.standardized === null || b.standardized === null) return pairwise(a.values, b.values)
  if (a.observations < MIN_COMMON_RETURNS) return NaN
  return bounded(innerProduct(a.standardized, b.standardized))
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let t = 0; t < a.length; t++) sum += (a[t] as number) * (b[t] as number)
  return sum
}

function pairwise(a: Float64Array, b: Float64Array): number {
  let [n, sumA, sumB] = [0, 0, 0]
  for (let t = 0; t < a.length; t++) {
    if (Number.isNaN(a[t]) || Number.isNaN(b[t])) continue
    n += 1
    sumA += a[t] as number
    sumB += b[t] as number
  }
  if (n < MIN_COMMON_RETURNS) return NaN
  const [meanA, meanB] = [sumA / n, sumB / n]
  let [squaresA, squaresB, products] = [0, 0, 0]
  for (let t = 0; t < a.length; t++) {
    if (Number.isNaN(a[t]) || Number.isNaN(b[t])) continue
    const x = (a[t] as number) - meanA
    const y = (b[t] as number) - meanB
    squaresA += x * x
    squaresB += y * y
    products += x * y
  }
  const varies =
    squaresA > n * (NEGLIGIBLE * meanA) ** 2 && squaresB > n * (NEGLIGIBLE * meanB) ** 2
  return varies ? bounded(products / Math.sqrt(squaresA * squaresB)) : NaN
}

/** Rounding must not leave the range of a correlation. */
function bounded(rho: number): number {
  return rho > 1 ? 1 : rho < -1 ? -1 : rho
}
