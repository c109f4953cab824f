import { normalDensity, normalDistribution } from './normal-distribution.ts'
import { discounted, type OptionTerms } from './option-terms.ts'

/** Price and sensitivities of one option on one share. */
export interface OptionValue {
  /** Dollars. */
  readonly price: number
  /** Dollars per dollar of the underlying. */
  readonly delta: number
  /** Delta per dollar of the underlying. */
  readonly gamma: number
  /** Dollars per 1.00 of volatility. */
  readonly vega: number
  /** Dollars per year that passes. */
  readonly theta: number
  /** Dollars per 1.00 of the rate. */
  readonly rho: number
}

/**
 * Black-Scholes-Merton value of a European option with continuous dividend yield (Merton 1973; Haug, The
 * Complete Guide to Option Pricing Formulas, ch. 1-2). With F = S·exp((r − q)T), w = σ√T:
 *
 *     d1 = ln(F ÷ K) ÷ w + w ÷ 2,  d2 = d1 − w,  φ = 1 for a call and −1 for a put
 *     price = φ [ S·exp(−qT)·N(φ·d1) − K·exp(−rT)·N(φ·d2) ]
 *
 * Limits: at T = 0 the intrinsic value, at σ = 0 the discounted intrinsic value of the forward, both with
 * the delta of the share that will be bought or sold, or half of it exactly at the money, and gamma 0 (it
 * has no finite value at the money).
 *
 * Missing data: none allowed; spot and strike positive, time and volatility not negative.
 *
 * @param volatility a fraction per year, σ
 * @example a call at 100 of one year, strike 100, r 5 %, σ 20 %: price 10.4506, delta 0.6368
 */
export function priceOption(terms: OptionTerms, volatility: number): OptionValue {
  const { spot, years, rate, dividendYield } = terms
  const { sign, share, payment } = discounted(terms)
  const deviation = volatility * Math.sqrt(years)
  const [d1, d2] = distances(Math.log(share / payment), deviation)
  const held = sign * share * normalDistribution(sign * d1)
  const owed = sign * payment * normalDistribution(sign * d2)
  const density = share * normalDensity(d1)
  const decay = deviation === 0 ? 0 : (density * volatility) / (2 * Math.sqrt(years))
  return {
    price: Math.max(0, held - owed),
    delta: held / spot,
    gamma: deviation === 0 ? 0 : density / (spot * spot * deviation),
    vega: density * Math.sqrt(years),
    theta: dividendYield * held - rate * owed - decay,
    rho: years * owed,
  }
}

/** d1 and d2; infinite without any deviation, unless exactly at the money. */
function distances(moneyness: number, deviation: number): readonly [d1: number, d2: number] {
  if (deviation > 0) {
    const centre = moneyness / deviation
    return [centre + deviation / 2, centre - deviation / 2]
  }
  const limit = moneyness === 0 ? 0 : moneyness * Infinity
  return [limit, limit]
}
