import { fitMany, prepareDesign } from '../regression/index.ts'

export interface Line {
  readonly intercept: number
  readonly slope: number
  /** 1 for a perfect fit; NaN when y is constant. */
  readonly rSquared: number
}

/**
 * Least-squares line of y on x over the positions at which both have a value.
 *
 * Missing data: NaN is no value; null with fewer than `minObservations` positions or when x is constant.
 */
export function fitLine(x: Float64Array, y: Float64Array, minObservations: number): Line | null {
  const rows = Int32Array.from(x.keys()).filter((t) => !Number.isNaN(x[t]) && !Number.isNaN(y[t]))
  if (rows.length < minObservations) return null
  const column = Float64Array.from(rows, (t) => x[t] as number)
  const prepared = prepareDesign([column], 0)
  if (!prepared.ok) return null
  const fits = fitMany(prepared.design, { values: y, starts: Int32Array.of(0), rows })
  const slope = fits.beta[0] as number
  const meanOf = (values: Float64Array) => rows.reduce((sum, t) => sum + (values[t] as number), 0)
  const intercept = (meanOf(y) - slope * meanOf(x)) / rows.length
  return { intercept, slope, rSquared: fits.rSquared[0] as number }
}
