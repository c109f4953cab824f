import { roundedQuotient } from '../exact/amounts.ts'
import type { Fraction } from '../exact/fraction.ts'
import type { OptionContract } from '../../symbols/occ.ts'
import { formatStrike, strikeMills } from './contract-symbol.ts'

/** A strike after a split is quoted in cents; an option symbol counts mills. */
const MILLS_PER_CENT = 10n

/**
 * The contract that replaces another when its underlying splits k new shares for an old one. The holder
 * has k times as many; the strike is divided by k and rounded to the cent, as the clearing house does
 * (Cboe Research Circular RS14-231 on the 7:1 split of AAPL).
 *
 * Null when k is not whole: such a split changes what a contract delivers instead, and the result is no
 * contract with a symbol of the ordinary form. Whether k is whole is asked of the split and not of the
 * holding, or two lots of one contract would differ from one lot of two.
 *
 * @example a 7:1 split: AAPL140719C00645000 becomes AAPL140719C00092140, seven for one
 */
export function adjustContract(contract: OptionContract, k: Fraction): OptionContract | null {
  if (k.d !== 1n) return null
  const cents = roundedQuotient(strikeMills(contract), k.n * MILLS_PER_CENT)
  return { ...contract, strike: formatStrike(cents * MILLS_PER_CENT) }
}

/**
 * The contract that a whole split k turned into a given one: the strike times k. A strike that was rounded
 * does not come back exactly; such a contract is then simply not found among the prices.
 */
export function contractBefore(contract: OptionContract, k: Fraction): OptionContract | null {
  if (k.d !== 1n) return null
  return { ...contract, strike: formatStrike(strikeMills(contract) * k.n) }
}
