import type { IsoDate } from '../../calendar/iso-date.ts'
import { splitRatioFromDecimal } from '../../returns/split-ratio.ts'
import { dividedBy, fraction, ONE, times, type Fraction } from '../exact/fraction.ts'

/** `ratio` new shares replace each old one from the open of `exDate` on. */
export interface Split {
  readonly exDate: IsoDate
  readonly ratio: Fraction
}

/**
 * F(from→to): how many shares on the basis of `to` one share on the basis of `from` is. The product of
 * the ratios with ex-date in (from, to]; one divided by it when `to` lies before `from`.
 *
 * Source: chapter 50, share basis. A quantity is multiplied by it, a price divided.
 *
 * @example a 7:1 split on 9 June: F(6 June → 9 June) = 7, F(9 June → 6 June) = 1/7, F(9 June → 10 June) = 1
 */
export function splitFactor(splits: readonly Split[], from: IsoDate, to: IsoDate): Fraction {
  if (splits.length === 0 || from === to) return ONE
  const isForward = from < to
  const [earlier, later] = isForward ? [from, to] : [to, from]
  let factor = ONE
  for (const { exDate, ratio } of splits) {
    if (exDate > earlier && exDate <= later) factor = times(factor, ratio)
  }
  return isForward || factor === ONE ? factor : dividedBy(ONE, factor)
}

const LARGEST_DENOMINATOR = 1000

/**
 * The split ratio that a rounded decimal stands for, as an exact fraction whose smaller term is at most
 * 1000: `0.3333333333` is 1/3, `1.5` is 3/2, `7` is 7. Throws RangeError unless positive and finite.
 */
export function splitFraction(decimal: string | number): Fraction {
  const ratio = Number(decimal)
  if (!(ratio < 1)) return fractionOf(splitRatioFromDecimal(ratio))
  return dividedBy(ONE, fractionOf(splitRatioFromDecimal(1 / ratio)))
}

/** The fraction that a quotient of whole numbers, computed in floating point, came from. */
function fractionOf(quotient: number): Fraction {
  let denominator = 1
  while (Math.round(quotient * denominator) / denominator !== quotient) {
    if (++denominator > LARGEST_DENOMINATOR) throw new RangeError(`${quotient} is no split ratio`)
  }
  return fraction(BigInt(Math.round(quotient * denominator)), BigInt(denominator))
}
