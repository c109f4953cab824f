const ZERO = 0x30
const NINE = 0x39
const MINUS = 0x2d
const POINT = 0x2e

/**
 * Reads a plain decimal (`12`, `12.5`, `.5`, `-3`) from `start`..`end` (excluded) of a text and rounds
 * it to `places` decimals, halves away from zero, on its decimal digits: the same value that
 * PostgreSQL's `numeric` keeps of it. Exponents, signs other than minus, separators and blanks are not
 * plain. A number of more than 15 digits is read to the nearest double without further rounding.
 *
 * @returns NaN when the text is not a plain decimal.
 */
export function readDecimal(text: string, start: number, end: number, places: number): number {
  const isNegative = text.charCodeAt(start) === MINUS
  let digits = 0
  let decimals = 0
  let kept = 0
  let isAfterPoint = false
  let roundsUp = false
  for (let i = isNegative ? start + 1 : start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === POINT && !isAfterPoint) {
      isAfterPoint = true
      continue
    }
    if (code < ZERO || code > NINE) return Number.NaN
    digits++
    if (isAfterPoint && ++decimals > places) {
      if (decimals === places + 1) roundsUp = code - ZERO >= 5
      continue
    }
    kept = kept * 10 + (code - ZERO)
  }
  if (digits === 0) return Number.NaN
  if (kept >= Number.MAX_SAFE_INTEGER) return Number(text.slice(start, end))
  // Both sides of the division are exact, so the quotient is the double nearest to the decimal.
  const value = (roundsUp ? kept + 1 : kept) / 10 ** Math.min(decimals, places)
  return isNegative ? -value : value
}
