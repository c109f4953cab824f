import { annualVolatility } from './annual-volatility.ts'

/**
 * Annual volatility of every stretch of `window` consecutive returns, oldest first, the last one ending
 * with the last return; empty when there are fewer returns than that.
 *
 * Missing data: none allowed.
 */
export function rollingVolatility(returns: Float64Array, window: number): Float64Array {
  return Float64Array.from({ length: Math.max(0, returns.length - window + 1) }, (_, first) =>
    annualVolatility(returns.subarray(first, first + window)),
  )
}
