import type { SquareMatrix } from './correlation-matrix.ts'

/**
 * The rows to keep so that no two of them have an unknown correlation (NaN). One row at a time goes, the
 * one in the most such pairs: a new listing, which lacks a correlation with everybody, and not everybody
 * else. Of two that lack as many, the one with fewer returns goes, then the later one.
 *
 * @param observations returns of each row
 */
export function dropIncomplete(
  { size, values }: SquareMatrix,
  observations: readonly number[],
): readonly number[] {
  let kept = Array.from({ length: size }, (_, i) => i)
  for (;;) {
    const lacking = kept.map(
      (i) => kept.filter((j) => j !== i && Number.isNaN(values[i * size + j])).length,
    )
    const most = Math.max(0, ...lacking)
    if (most === 0) return kept
    const candidates = kept.filter((_, position) => lacking[position] === most)
    const dropped = candidates.reduce((worst, i) =>
      (observations[i] as number) <= (observations[worst] as number) ? i : worst,
    )
    kept = kept.filter((i) => i !== dropped)
  }
}
