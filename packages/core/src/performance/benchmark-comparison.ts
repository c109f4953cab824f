import { fitMany, prepareDesign } from '../regression/index.ts'
import { linkedReturn } from './linked-return.ts'
import type { ComparedDay } from './performance-day.ts'

const SESSIONS_PER_YEAR = 252

/** A portfolio beside its benchmark, over the days on which both have a return. */
export interface BenchmarkComparison {
  /** Of the portfolio's returns on the benchmark's, least squares with intercept; null without variation. */
  readonly beta: number | null
  /** Annual, a fraction: sample standard deviation of the difference of daily returns × √252. */
  readonly trackingError: number
  /** Linked return of the portfolio less that of the benchmark, a fraction over the period. */
  readonly excessReturn: number
  readonly benchmarkReturn: number
  readonly observations: number
}

/**
 * Missing data: none allowed, see `comparedDays`; at least two days.
 */
export function benchmarkComparison(days: readonly ComparedDay[]): BenchmarkComparison {
  const observations = days.length
  const differences = days.map(({ portfolio, benchmark }) => portfolio - benchmark)
  const mean = differences.reduce((sum, value) => sum + value, 0) / observations
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const benchmarkReturn = linkedReturn(days.map(({ benchmark }) => benchmark))
  return {
    beta: betaOf(days),
    trackingError: Math.sqrt((squares / (observations - 1)) * SESSIONS_PER_YEAR),
    excessReturn: linkedReturn(days.map(({ portfolio }) => portfolio)) - benchmarkReturn,
    benchmarkReturn,
    observations,
  }
}

function betaOf(days: readonly ComparedDay[]): number | null {
  const prepared = prepareDesign([Float64Array.from(days, ({ benchmark }) => benchmark)], 0)
  if (!prepared.ok) return null
  const fits = fitMany(prepared.design, {
    values: Float64Array.from(days, ({ portfolio }) => portfolio),
    starts: Int32Array.of(0),
    rows: Int32Array.from(days.keys()),
  })
  return fits.beta[0] ?? null
}
