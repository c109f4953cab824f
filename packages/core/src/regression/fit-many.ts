import { centreOutputs, type CentredOutputs, type Outputs } from './centre-outputs.ts'
import type { Design } from './design.ts'

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
 * ‖residual‖² ÷ ‖output‖² below which the residuals themselves are summed: the shorter sum, a difference,
 * has lost about as many of its sixteen digits as this has zeros.
 */
const CLOSE_FIT = 1e-4

/** Fits outputs as they come; see `fitCentred`. */
export function fitMany(design: Design, outputs: Outputs): Fits {
  return fitCentred(design, centreOutputs(outputs))
}

/**
 * Fits every output on the same design: y = a + Σ β_j x_j, by least squares or ridge as the design
 * was prepared. Standard errors are √(σ̂² · variance factor) ÷ scale with
 * σ̂² = SSE ÷ (n − 1 − effective parameters); for ridge they are conditional on the penalty.
 * With coefficients c = (X'X + αI)⁻¹X'y, SSE = SST − c'X'Xc − 2α c'c; where that is a difference of nearly
 * equal numbers, SSE comes from the residuals.
 *
 * Each output is computed by itself in a fixed order of operations, so its numbers do not depend, to
 * the last bit, on which others are fitted beside it.
 *
 * Degenerate outputs: a constant one has β = 0, standard error 0, no t and no R²; an output
 * reproduced exactly has standard error 0, R² = 1 and no t.
 */
export function fitCentred(design: Design, outputs: CentredOutputs): Fits {
  const { totals, observations } = outputs
  const size = totals.length * design.columnCount
  const fits: Fits = {
    beta: new Float64Array(size),
    stdError: new Float64Array(size),
    tStat: new Float64Array(size).fill(NaN),
    rSquared: new Float64Array(totals.length).fill(NaN),
  }
  const coefficients = new Float64Array(design.columnCount)
  const residual = new Float64Array(observations)
  for (let i = 0; i < totals.length; i++) {
    const total = totals[i] as number
    if (total === 0) continue
    const offset = i * observations
    for (let j = 0; j < coefficients.length; j++) {
      coefficients[j] = dotProduct(design.projection, j * observations, outputs, offset)
    }
    let unexplained = total - explained(design, coefficients)
    if (unexplained < CLOSE_FIT * total) {
      residual.set(outputs.values.subarray(offset, offset + observations))
      unexplained = subtractFit(design, coefficients, residual)
    }
    const isPerfect = unexplained <= PERFECT_FIT * total
    fits.rSquared[i] = isPerfect ? 1 : 1 - unexplained / total
    if (isPerfect) unexplained = 0
    writeCoefficients(design, { coefficients, unexplained, fits, output: i })
  }
  return fits
}

/** Row of a matrix times an output; four sums side by side, since one would wait for itself. */
function dotProduct(
  matrix: Float64Array,
  row: number,
  { values, observations }: CentredOutputs,
  offset: number,
): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = observations - (observations % 4)
  for (let t = 0; t < whole; t += 4) {
    a += (matrix[row + t] as number) * (values[offset + t] as number)
    b += (matrix[row + t + 1] as number) * (values[offset + t + 1] as number)
    c += (matrix[row + t + 2] as number) * (values[offset + t + 2] as number)
    d += (matrix[row + t + 3] as number) * (values[offset + t + 3] as number)
  }
  for (let t = whole; t < observations; t++) {
    a += (matrix[row + t] as number) * (values[offset + t] as number)
  }
  return a + b + (c + d)
}

/** SST − SSE of a fit: c'X'Xc + 2α c'c, in the basis of the right singular vectors. */
function explained(
  { alpha, columnCount, rightVectors, singularValues }: Design,
  coefficients: Float64Array,
): number {
  let sum = 0
  for (let i = 0; i < columnCount; i++) {
    let along = 0
    for (let j = 0; j < columnCount; j++) {
      along += (rightVectors[j * columnCount + i] as number) * (coefficients[j] as number)
    }
    sum += ((singularValues[i] as number) ** 2 + 2 * alpha) * along * along
  }
  return sum
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
