/** Half the spacing of 32-bit floats, in which Yahoo keeps prices: 129.04 is served as 129.0399932861328. */
const FLOAT_NOISE = 2 ** -24
/** Restated prices are rounded to 6 decimals, at each of several splits once more. */
const RESTATED_NOISE = 1e-6
const FEWEST_DECIMALS = 2
/** What the table keeps. */
const MOST_DECIMALS = 6

/**
 * A price or dividend as it was traded or paid, from the one that is served on today's share basis.
 *
 * The product of served price and splits is off by the noise of 32-bit floats (6e-8 of it) and, when
 * there were splits, by what rounding the served price to 6 decimals left, times the splits. The result
 * is the decimal with the fewest places, two or more, that lies within that noise: a price in cents comes
 * out in cents up to 80,000 dollars and for splits of up to 4,000:1 together, and the same before and
 * after a split. One that was traded in finer steps keeps them as far as the noise allows.
 *
 * @param served as served, in the symbol's currency
 * @param splits new shares per old share of all splits after the day, multiplied
 * @example asTradedPrice(13.237000465393066, 40) // 529.48
 */
export function asTradedPrice(served: number, splits: number): number {
  const price = served * splits
  const noise = Math.abs(price) * FLOAT_NOISE + (splits === 1 ? 0 : splits * RESTATED_NOISE)
  for (let decimals = FEWEST_DECIMALS; decimals < MOST_DECIMALS; decimals++) {
    const rounded = roundTo(price, decimals)
    if (Math.abs(rounded - price) <= noise) return rounded
  }
  return roundTo(price, MOST_DECIMALS)
}

/** Shares as they were traded, from a volume that is served on today's share basis; whole shares. */
export function asTradedVolume(served: number, splits: number): number {
  return Math.round(served / splits)
}

function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}
