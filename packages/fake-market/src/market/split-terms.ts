const LARGEST_DENOMINATOR = 1000
const HALF_OF_LAST_DECIMAL = 5e-7

/**
 * A split ratio as the fraction of the smallest denominator that six decimals would write the same way.
 *
 * @example splitTerms(0.125) // { numerator: 1, denominator: 8 }
 */
export function splitTerms(ratio: number): { numerator: number; denominator: number } {
  for (let denominator = 1; denominator <= LARGEST_DENOMINATOR; denominator++) {
    const numerator = Math.round(ratio * denominator)
    if (numerator > 0 && Math.abs(numerator / denominator - ratio) <= HALF_OF_LAST_DECIMAL) {
      return { numerator, denominator }
    }
  }
  return { numerator: ratio, denominator: 1 }
}
