export type RSquaredClass = 'high' | 'moderate' | 'low'
export type TiltStrength = 'strong' | 'moderate' | 'weak'

/** From half of the variance on a factor explains a holding well, below a fifth hardly. */
const R_SQUARED = { high: 0.5, moderate: 0.2 }
/** On |β|, chapter 80. */
const TILT = { strong: 0.5, moderate: 0.2 }

/** How much of what a portfolio's holdings do the factor explains. */
export function rSquaredClass(rSquared: number): RSquaredClass {
  if (rSquared >= R_SQUARED.high) return 'high'
  return rSquared >= R_SQUARED.moderate ? 'moderate' : 'low'
}

/**
 * How strongly a spread factor leans, and towards which of its legs.
 *
 * @param legs the long and the short leg of the spread
 * @example tiltOf(-0.6, { long: 'VUG', short: 'VTV' }) is strong, towards VTV
 */
export function tiltOf(
  beta: number,
  { long, short }: { readonly long: string | null; readonly short: string | null },
): { readonly strength: TiltStrength; readonly toward: string | null } {
  const size = Math.abs(beta)
  const strength = size > TILT.strong ? 'strong' : size > TILT.moderate ? 'moderate' : 'weak'
  return { strength, toward: beta < 0 ? short : long }
}
