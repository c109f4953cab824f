/** Daily returns on those sessions of a history that have one. */
export interface ReturnSeries {
  /** Positions in the history's sessions, ascending. */
  readonly positions: Int32Array
  /** Simple returns, fractions, laid out as `positions`. */
  readonly values: Float64Array
}

/** The series of a window in which NaN stands for no return. */
export function returnSeries(window: Float64Array): ReturnSeries {
  const positions = Int32Array.from(window.keys()).filter((t) => !Number.isNaN(window[t]))
  return { positions, values: Float64Array.from(positions, (t) => window[t] as number) }
}
