import { isNegligible } from './design.ts'

/** Many outputs, each a window of one long array. */
export interface Outputs {
  readonly values: Float64Array
  /** Where the window of each output starts in `values`. */
  readonly starts: Int32Array
  /** Positions within the window that are the design's rows, n of them, the same for every output. */
  readonly rows: Int32Array
}

/** Outputs less their means, ready for any design over the same n rows. */
export interface CentredOutputs {
  readonly observations: number
  /** Entry (output i, row t) at `i * observations + t`. */
  readonly values: Float64Array
  /** Sum of squares of each centred output, SST; 0 for one that is constant up to rounding. */
  readonly totals: Float64Array
}

/**
 * Gathers the rows of every output and takes off its mean: what all regressions over these rows share.
 *
 * Missing data: none allowed at the given rows.
 */
export function centreOutputs({ values, starts, rows }: Outputs): CentredOutputs {
  const observations = rows.length
  const centred = new Float64Array(starts.length * observations)
  const totals = new Float64Array(starts.length)
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number
    const offset = i * observations
    let sum = 0
    for (let t = 0; t < observations; t++) {
      const value = values[start + (rows[t] as number)] as number
      centred[offset + t] = value
      sum += value
    }
    const mean = sum / observations
    let squares = 0
    for (let t = 0; t < observations; t++) {
      const deviation = (centred[offset + t] as number) - mean
      centred[offset + t] = deviation
      squares += deviation * deviation
    }
    const isConstant = isNegligible(Math.sqrt(squares / observations), mean, observations)
    totals[i] = isConstant ? 0 : squares
  }
  return { observations, values: centred, totals }
}
