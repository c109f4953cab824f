import { isNegligible, type Design } from './design.ts'

/** Many outputs, each a window of one long array. */
export interface Outputs {
  readonly values: Float64Array
  /** Where the window of each output starts in `values`. */
  readonly starts: Int32Array
  /** Positions within the window that are the design's rows, n of them, the same for every output. */
  readonly rows: Int32Array
}

/** Fits of m outputs on k columns; NaN where a statistic does not exist. */
export interface Fits {
  /** Coefficients in original units, entry (output i, column j) at `i * k + j`. */
  readonly beta: Float64Array
  /** Standard errors of `beta`, laid out alike. */
  readonly stdError: Float64Array
  /** `beta` ÷ `stdError`, laid out alike; NaN when the error is 0. */
  readonly tStat: Float64Array
  /** 1 − SSE ÷ SST of each output; NaN when the output is constant. */
  readonly rSquared: Float64Array
}

/** ‖residual‖² ÷ ‖output‖² below which a fit is perfect: a residual twelve digits under its output is rounding. */
const PERFECT_FIT = 1e-24

/**
 * Fits every output on the same design: y = a + Σ β_j x_j, by least squares or ridge as the design
 * was prepared. Standard errors are √(σ̂² · variance factor) ÷ scale with
 * σ̂² = SSE ÷ (n − 1 − effective parameters), SSE from the residuals themselves; for ridge they are
 * conditional on the penalty.
 *
 * Each output is computed by itself in a fixed order of operations, so its numbers do not depend, to
 * the last bit, on which others are fitted beside it.
 *
 * Degenerate outputs: a constant one has β = 0, standard error 0, no t and no R²; an output
 * reproduced exactly has standard error 0, R² = 1 and no t.
 *
 * Missing data: none allowed at the given rows.
 */
export function fitMany(design: Design, outputs: Outputs): Fits {
  const { starts } = outputs
  const size = starts.length * design.columnCount
  const fits: Fits = {
    beta: new Float64Array(size),
    stdError: new Float64Array(size),
    tStat: new Float64Array(size).fill(NaN),
    rSquared: new Float64Array(starts.length).fill(NaN),
  }
  const residual = new Float64Array(design.observations)
  const coefficients = new Float64Array(design.columnCount)
  for (let i = 0; i < starts.length; i++) {
    gather(outputs, i, residual)
    const mean = meanOf(residual)
    const total = centre(residual, mean)
    if (isNegligible(Math.sqrt(total / residual.length), mean, residual.length)) continue
    project(design, residual, coefficients)
    const unexplained = subtractFit(design, coefficients, residual)
    const isPerfect = unexplained <= PERFECT_FIT * total
    fits.rSquared[i] = isPerfect ? 1 : 1 - unexplained / total
    writeCoefficients(design, {
      coefficients,
      unexplained: isPerfect ? 0 : unexplained,
      fits,
      output: i,
    })
  }
  return fits
}

function gather({ values, starts, rows }: Outputs, output: number, into: Float64Array): void {
  const start = starts[output] as number
  for (let t = 0; t < into.length; t++) into[t] = values[start + (rows[t] as number)] as number
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (let t = 0; t < values.length; t++) sum += values[t] as number
  return sum / values.length
}

/** Subtracts the mean in place; returns the sum of squares of what remains. */
function centre(values: Float64Array, mean: number): number {
  let squares = 0
  for (let t = 0; t < values.length; t++) {
    const deviation = (values[t] as number) - mean
    values[t] = deviation
    squares += deviation * deviation
  }
  return squares
}

/** Standardised coefficients of a centred output. */
function project({ projection }: Design, centred: Float64Array, into: Float64Array): void {
  const n = centred.length
  for (let j = 0; j < into.length; j++) {
    let sum = 0
    for (let t = 0; t < n; t++) sum += (projection[j * n + t] as number) * (centred[t] as number)
    into[j] = sum
  }
}

/** Turns a centred output into its residual in place; returns the residual sum of squares. */
function subtractFit(
  { standardized }: Design,
  coefficients: Float64Array,
  values: Float64Array,
): number {
  const n = values.length
  for (let j = 0; j < coefficients.length; j++) {
    const coefficient = coefficients[j] as number
    for (let t = 0; t < n; t++) {
      values[t] = (values[t] as number) - coefficient * (standardized[j * n + t] as number)
    }
  }
  let squares = 0
  for (let t = 0; t < n; t++) squares += (values[t] as number) ** 2
  return squares
}

interface Estimated {
  readonly coefficients: Float64Array
  readonly unexplained: number
  readonly fits: Fits
  readonly output: number
}

function writeCoefficients(design: Design, estimated: Estimated): void {
  const { coefficients, unexplained, fits, output } = estimated
  const { observations, columnCount, effectiveParameters, scales, varianceFactors } = design
  const variance = unexplained / (observations - 1 - effectiveParameters)
  for (let j = 0; j < columnCount; j++) {
    const scale = scales[j] as number
    const beta = (coefficients[j] as number) / scale
    const stdError = Math.sqrt(variance * (varianceFactors[j] as number)) / scale
    fits.beta[output * columnCount + j] = beta
    fits.stdError[output * columnCount + j] = stdError
    if (stdError > 0) fits.tStat[output * columnCount + j] = beta / stdError
  }
}
