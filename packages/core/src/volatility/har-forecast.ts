import { fitMany, prepareDesign } from '../regression/index.ts'

const WEEK = 5
const MONTH = 22
/** Most rows of the regression. */
const ROWS = 252
const SESSIONS_PER_YEAR = 252

/** A fitted heterogeneous autoregressive model of daily variance. */
export interface HarModel {
  readonly constant: number
  /** Weights of the last variance, and of its 5- and 22-session means. */
  readonly weights: readonly [day: number, week: number, month: number]
  /** Rows of the regression. */
  readonly observations: number
  /** Null when the variance never changed. */
  readonly rSquared: number | null
}

/** Daily variance in its simplest form, the square of each log return. */
export function dailyVariance(returns: Float64Array): Float64Array {
  return returns.map((value) => Math.log1p(value) ** 2)
}

/**
 * Fits the next session's variance on the session's, and on the means of the last 5 and 22, by least
 * squares over the last 252 rows (Corsi 2009, A Simple Approximate Long-Memory Model of Realized
 * Volatility, with squared daily returns in place of realised variance).
 *
 * Missing data: none allowed; null when there are too few rows, when a return of −100 % or worse has no
 * logarithm, or when the regressors do not vary.
 *
 * @param variance of consecutive sessions
 */
export function fitHar(variance: Float64Array): HarModel | null {
  const rows = Math.min(ROWS, variance.length - MONTH)
  if (rows <= 0 || !variance.every(Number.isFinite)) return null
  const first = variance.length - 1 - rows
  const next = variance.subarray(first + 1)
  const columns = [1, WEEK, MONTH].map((length) =>
    Float64Array.from({ length: rows }, (_, i) => meanOfLast(variance, length, first + i)),
  )
  const prepared = prepareDesign(columns, 0)
  if (!prepared.ok) return null
  const fits = fitMany(prepared.design, {
    values: next,
    starts: Int32Array.of(0),
    rows: Int32Array.from({ length: rows }, (_, i) => i),
  })
  const [day = NaN, week = NaN, month = NaN] = fits.beta
  const rSquared = fits.rSquared[0] ?? NaN
  const explained = columns.reduce(
    (sum, column, j) => sum + (fits.beta[j] as number) * mean(column),
    0,
  )
  return {
    constant: mean(next) - explained,
    weights: [day, week, month],
    observations: rows,
    rSquared: Number.isNaN(rSquared) ? null : rSquared,
  }
}

/**
 * The variances of the next sessions, each forecast from those before it, forecast ones included, and
 * floored at 0.
 */
export function forecastVariance(
  { constant, weights }: HarModel,
  variance: Float64Array,
  sessions: number,
): Float64Array {
  const path = new Float64Array(MONTH + sessions)
  path.set(variance.subarray(variance.length - MONTH))
  const [day, week, month] = weights
  for (let t = MONTH; t < path.length; t++) {
    const forecast =
      constant +
      day * (path[t - 1] as number) +
      week * meanOfLast(path, WEEK, t - 1) +
      month * meanOfLast(path, MONTH, t - 1)
    path[t] = Math.max(0, forecast)
  }
  return path.subarray(MONTH)
}

/**
 * Annual volatility expected over the next sessions: √(252 · mean of the variance forecasts).
 *
 * Missing data: null when there is no model, see `fitHar`.
 */
export function expectedVolatility(returns: Float64Array, sessions: number): number | null {
  const variance = dailyVariance(returns)
  const model = fitHar(variance)
  if (model === null) return null
  return Math.sqrt(SESSIONS_PER_YEAR * mean(forecastVariance(model, variance, sessions)))
}

function meanOfLast(values: Float64Array, length: number, last: number): number {
  let sum = 0
  for (let t = last - length + 1; t <= last; t++) sum += values[t] as number
  return sum / length
}

function mean(values: Float64Array): number {
  return meanOfLast(values, values.length, values.length - 1)
}
