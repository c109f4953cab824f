/** An exact rational number, n ÷ d with d > 0, in lowest terms. */
export interface Fraction {
  readonly n: bigint
  readonly d: bigint
}

export const ZERO: Fraction = { n: 0n, d: 1n }
export const ONE: Fraction = { n: 1n, d: 1n }

/** A whole number as a fraction. */
export function whole(n: bigint): Fraction {
  return { n, d: 1n }
}

/** n ÷ d in lowest terms. Throws RangeError when d is 0. */
export function fraction(n: bigint, d: bigint): Fraction {
  if (d === 0n) throw new RangeError(`${n} cannot be divided by zero`)
  if (d === 1n) return { n, d }
  const common = greatestCommonDivisor(n, d)
  const sign = d < 0n ? -1n : 1n
  return { n: (sign * n) / common, d: (sign * d) / common }
}

// Nearly all figures are whole numbers of their unit: only splits such as 3:2 bring quotients. Whole
// numbers therefore take a short way through each operation.

export function plus(a: Fraction, b: Fraction): Fraction {
  if (b === ZERO) return a
  if (a.d === 1n && b.d === 1n) return { n: a.n + b.n, d: 1n }
  return fraction(a.n * b.d + b.n * a.d, a.d * b.d)
}

export function minus(a: Fraction, b: Fraction): Fraction {
  if (a.d === 1n && b.d === 1n) return { n: a.n - b.n, d: 1n }
  return fraction(a.n * b.d - b.n * a.d, a.d * b.d)
}

export function times(a: Fraction, b: Fraction): Fraction {
  if (a === ONE) return b
  if (b === ONE) return a
  if (a.d === 1n && b.d === 1n) return { n: a.n * b.n, d: 1n }
  return fraction(a.n * b.n, a.d * b.d)
}

/** Throws RangeError when b is 0. */
export function dividedBy(a: Fraction, b: Fraction): Fraction {
  return b === ONE ? a : fraction(a.n * b.d, a.d * b.n)
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
