import type { IsoDate } from '../calendar/iso-date.ts'

/** The deepest fall of a series of values from its highest value before. */
export interface Drawdown {
  /** At most 0, a fraction of the peak. */
  readonly depth: number
  /** When the fall began; null when the series never fell, as the other two dates. */
  readonly peakDate: IsoDate | null
  readonly troughDate: IsoDate | null
  /** First date after the trough on which the peak was reached again; null until then. */
  readonly recoveryDate: IsoDate | null
  /** How far the last value is below the highest one, at most 0. */
  readonly current: number
}

/**
 * Maximum drawdown with its dates. Of equally deep falls the first counts; the peak is the first date of
 * its height.
 *
 * Missing data: none allowed; values positive, at least one.
 *
 * @param values prices, or the growth of one unit invested
 * @example 100, 120, 90, 130: depth −0.25 from the second to the third date, recovered on the fourth
 */
export function drawdown(dates: readonly IsoDate[], values: readonly number[]): Drawdown {
  let [peak, depth, deepestPeak, trough] = [0, 0, 0, 0]
  const at = (index: number) => values[index] as number
  for (const [t, value] of values.entries()) {
    if (value > at(peak)) peak = t
    const fall = value / at(peak) - 1
    if (fall < depth) [depth, deepestPeak, trough] = [fall, peak, t]
  }
  const current = at(values.length - 1) / at(peak) - 1
  if (depth === 0) {
    return { depth, peakDate: null, troughDate: null, recoveryDate: null, current }
  }
  const recovery = values.findIndex((value, t) => t > trough && value >= at(deepestPeak))
  return {
    depth,
    peakDate: dates[deepestPeak] ?? null,
    troughDate: dates[trough] ?? null,
    recoveryDate: dates[recovery] ?? null,
    current,
  }
}
