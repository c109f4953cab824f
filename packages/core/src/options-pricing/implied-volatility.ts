import { discounted, type OptionTerms } from './option-terms.ts'
import { priceOption } from './price-option.ts'

/** Why a price tells no volatility. */
export type NoVolatilityReason = 'expired' | 'below_intrinsic' | 'above_bound' | 'not_well_posed'

export type ImpliedVolatility =
  | { readonly ok: true; readonly volatility: number }
  | { readonly ok: false; readonly reason: NoVolatilityReason }

/** Half-width of the final bracket of σ, below what any price can tell. */
const TOLERANCE = 1e-12
const MAX_STEPS = 200
/** Standard deviation of the log price beyond which an option is worth its bound to the last digit. */
const LARGEST_DEVIATION = 20
/**
 * Smallest vega, in units of spot per 1.00, at which a price fixes its volatility: an error in the 13th
 * digit of the spot moves σ by 1e-6.
 */
const SMALLEST_VEGA = 1e-7

/**
 * The volatility at which the Black-Scholes-Merton price is the given one. The answer lies in a bracket
 * that Newton steps narrow and bisection safeguards; they begin at the inflection point
 * √(2·|ln(F ÷ K)| ÷ T), from where they cannot overshoot (Manaster and Koehler 1982). The price is
 * matched on the side out of the money, which is all time value, by put-call parity.
 *
 * No solution: `expired` without time left, `below_intrinsic` at or below the discounted intrinsic value,
 * `above_bound` at or above S·exp(−qT) (call) or K·exp(−rT) (put), `not_well_posed` when the price hardly
 * depends on volatility: deep in or out of the money, or about to expire. A default would look like a
 * market opinion.
 *
 * @param price dollars per share
 * @example 10.450583572185565 for a call at 100 of one year, strike 100, r 5 %: 0.2
 */
export function impliedVolatility(terms: OptionTerms, price: number): ImpliedVolatility {
  const { spot, years } = terms
  if (years <= 0) return none('expired')
  const { sign, share, payment } = discounted(terms)
  const intrinsic = Math.max(0, sign * (share - payment))
  if (price <= intrinsic) return none('below_intrinsic')
  if (price >= (sign === 1 ? share : payment)) return none('above_bound')

  const outside: OptionTerms = { ...terms, right: share > payment ? 'P' : 'C' }
  const volatility = solve(outside, price - intrinsic, {
    first: Math.sqrt((2 * Math.abs(Math.log(share / payment))) / years),
    largest: LARGEST_DEVIATION / Math.sqrt(years),
  })
  const { vega } = priceOption(outside, volatility)
  return vega >= SMALLEST_VEGA * spot ? { ok: true, volatility } : none('not_well_posed')
}

function none(reason: NoVolatilityReason): ImpliedVolatility {
  return { ok: false, reason }
}

interface Search {
  readonly first: number
  readonly largest: number
}

function solve(terms: OptionTerms, price: number, { first, largest }: Search): number {
  let [low, high] = [0, largest]
  let volatility = first > 0 && first < largest ? first : largest / 2
  for (let step = 0; step < MAX_STEPS && high - low > TOLERANCE * (1 + low); step++) {
    const value = priceOption(terms, volatility)
    const excess = value.price - price
    if (excess === 0) return volatility
    if (excess > 0) high = volatility
    else low = volatility
    const next = volatility - excess / value.vega
    const isInside = next > low && next < high
    if (isInside && Math.abs(next - volatility) < TOLERANCE) return next
    volatility = isInside ? next : (low + high) / 2
  }
  return volatility
}
