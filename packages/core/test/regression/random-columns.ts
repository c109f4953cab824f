import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Columns of `length` independent numbers in [−0.05, 0.05), the same for the same seed. */
export function randomColumns(seed: number, count: number, length: number): Float64Array[] {
  const generator = xoroshiro128plus(seed)
  const next = () => (generator.next() >>> 0) / 2 ** 32
  return Array.from({ length: count }, () =>
    Float64Array.from({ length }, () => 0.1 * (next() - 0.5)),
  )
}

/** Σ weights_j · columns_j. */
export function combine(
  columns: readonly Float64Array[],
  weights: readonly number[],
): Float64Array {
  const length = columns[0]?.length ?? 0
  return Float64Array.from({ length }, (_, t) =>
    columns.reduce((sum, column, j) => sum + (column[t] ?? NaN) * (weights[j] ?? NaN), 0),
  )
}
