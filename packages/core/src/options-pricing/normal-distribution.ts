const INVERSE_SQRT_PI = 1 / Math.sqrt(Math.PI)
const INVERSE_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI)

/** Coefficients of Cody's rational approximations, highest power first. */
interface Rational {
  readonly numerator: readonly number[]
  readonly denominator: readonly number[]
}

/** erf(x) ÷ x in x², for |x| ≤ 0.46875. */
const NEAR_ZERO: Rational = {
  numerator: [
    1.8577770618460315e-1, 3.1611237438705655, 1.1386415415105016e2, 3.77485237685302e2,
    3.2093775891384694e3,
  ],
  denominator: [
    1, 2.3601290952344122e1, 2.4402463793444417e2, 1.2826165260773723e3, 2.844236833439171e3,
  ],
}

/** erfc(x)·exp(x²) in x, for 0.46875 ≤ x ≤ 4. */
const MIDDLE: Rational = {
  numerator: [
    2.1531153547440383e-8, 5.641884969886701e-1, 8.883149794388375, 6.611919063714163e1,
    2.986351381974001e2, 8.81952221241769e2, 1.7120476126340707e3, 2.0510783778260716e3,
    1.2303393547979972e3,
  ],
  denominator: [
    1, 1.5744926110709835e1, 1.176939508913125e2, 5.371811018620099e2, 1.6213895745666903e3,
    3.2907992357334597e3, 4.362619090143247e3, 3.4393676741437216e3, 1.2303393548037493e3,
  ],
}

/** (1 ÷ √π − x·erfc(x)·exp(x²))·x² in 1 ÷ x², for x ≥ 4. */
const TAIL: Rational = {
  numerator: [
    1.6315387137302097e-2, 3.0532663496123236e-1, 3.6034489994980445e-1, 1.2578172611122926e-1,
    1.6083785148742275e-2, 6.587491615298378e-4,
  ],
  denominator: [
    1, 2.568520192289822, 1.8729528499234604, 5.279051029514285e-1, 6.051834131244131e-2,
    2.335204976268692e-3,
  ],
}

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return INVERSE_SQRT_2PI * Math.exp(-0.5 * x * x)
}

/**
 * Probability that a standard normal variable is at most x, to about 1e-16 absolutely and 1e-14 of
 * itself down to the smallest doubles.
 *
 * Source: W. J. Cody, Rational Chebyshev Approximations for the Error Function, Mathematics of
 * Computation 23 (1969), 631-637.
 *
 * @example normalDistribution(0) // 0.5
 */
export function normalDistribution(x: number): number {
  const z = Math.abs(x) * Math.SQRT1_2
  if (z <= 0.46875) return 0.5 + 0.5 * Math.sign(x) * z * quotient(NEAR_ZERO, z * z)
  const tail = 0.5 * upperTail(z, Math.abs(x))
  return x < 0 ? tail : 1 - tail
}

/** erfc(z) of z = x ÷ √2 ≥ 0.46875. */
function upperTail(z: number, x: number): number {
  const gaussian = exponentialOfSquare(x)
  if (z <= 4) return gaussian * quotient(MIDDLE, z)
  const inverse = 1 / (z * z)
  if (inverse === 0) return 0
  return (gaussian * (INVERSE_SQRT_PI - inverse * quotient(TAIL, inverse))) / z
}

/** exp(−x² ÷ 2) with x² split in two, whose rounding would otherwise be magnified by the exponential. */
function exponentialOfSquare(x: number): number {
  const coarse = Math.trunc(x * 16) / 16
  return Math.exp(-0.5 * coarse * coarse) * Math.exp(-0.5 * (x - coarse) * (x + coarse))
}

function quotient({ numerator, denominator }: Rational, x: number): number {
  const horner = (coefficients: readonly number[]) =>
    coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
  return horner(numerator) / horner(denominator)
}
