/** Splits are ratios of small whole numbers. */
const LARGEST_TERM = 1000

/**
 * The split ratio that a rounded decimal stands for: the nearest fraction whose smaller term is at
 * most 1000. Decimals cannot hold one third, and a 1:3 split read as 0.333333 would make every later
 * total wrong by a millionth.
 *
 * Example: `0.1428571429` (stored for a 1:7 reverse split) is 1 ÷ 7, `1.5` is 3 ÷ 2, `7` is 7.
 *
 * @param decimal new shares per old share, as stored or served
 * @throws RangeError when it is not a positive finite number
 */
export function splitRatioFromDecimal(decimal: string | number): number {
  const ratio = Number(decimal)
  if (!(ratio > 0 && ratio < Infinity)) {
    throw new RangeError(`A split ratio must be a positive number, not ${JSON.stringify(decimal)}`)
  }
  return ratio < 1 ? 1 / nearestFraction(1 / ratio) : nearestFraction(ratio)
}

/** The fraction nearest to a number ≥ 1, the smallest denominator among equals. */
function nearestFraction(value: number): number {
  let nearest = Math.round(value)
  for (let denominator = 2; denominator <= LARGEST_TERM && nearest !== value; denominator++) {
    const fraction = Math.round(value * denominator) / denominator
    if (Math.abs(fraction - value) < Math.abs(nearest - value)) nearest = fraction
  }
  return nearest
}
