/** The corporate actions of a day or of several; null = not known. */
export interface BarEvents {
  /** Cash per share, on the share basis after the split. */
  readonly dividend: number | null
  /** New shares per old share. */
  readonly splitRatio: number | null
}

export const UNKNOWN_EVENTS: BarEvents = { dividend: null, splitRatio: null }

export function hasEvent({ dividend, splitRatio }: BarEvents): boolean {
  return (dividend ?? 0) > 0 || (splitRatio ?? 1) !== 1
}

/**
 * Two days' events as if both were of the later day: dividends add, splits multiply. An earlier
 * dividend is first put on the later share basis, so that the holder of one old share is owed the same.
 *
 * Example: 1.40 on Saturday and a 7:1 split on Monday are together 0.20 and 7:1 on Monday.
 */
export function combineEvents(earlier: BarEvents, later: BarEvents): BarEvents {
  return {
    dividend: orNull(
      earlier.dividend,
      later.dividend,
      0,
      (a, b) => a / (later.splitRatio ?? 1) + b,
    ),
    splitRatio: orNull(earlier.splitRatio, later.splitRatio, 1, (a, b) => a * b),
  }
}

/**
 * What one share of before the events is worth after them, dividend included: (close + dividend) · split.
 * Unknown events count as none.
 */
export function totalValue(close: number, events: BarEvents): number {
  return (close + (events.dividend ?? 0)) * (events.splitRatio ?? 1)
}

/** Combines two values of which an unknown one is neutral; two unknown ones stay unknown. */
function orNull(
  a: number | null,
  b: number | null,
  neutral: number,
  combine: (a: number, b: number) => number,
): number | null {
  return a === null && b === null ? null : combine(a ?? neutral, b ?? neutral)
}
