/** A European option and the world it is valued in. */
export interface OptionTerms {
  readonly right: 'C' | 'P'
  /** Price of the underlying, dollars. */
  readonly spot: number
  /** Dollars, on the same share basis as the spot. */
  readonly strike: number
  /** Time to expiration, actual days ÷ 365. */
  readonly years: number
  /** Continuously compounded, a fraction per year. */
  readonly rate: number
  /** Continuous dividend yield, a fraction per year. */
  readonly dividendYield: number
}

/** What pricing needs of the terms whatever the volatility. */
export interface DiscountedTerms {
  /** 1 for a call, −1 for a put. */
  readonly sign: 1 | -1
  /** Spot less the dividends until expiration, S·exp(−qT). */
  readonly share: number
  /** What the strike is worth today, K·exp(−rT). */
  readonly payment: number
}

export function discounted(terms: OptionTerms): DiscountedTerms {
  const { right, spot, strike, years, rate, dividendYield } = terms
  return {
    sign: right === 'C' ? 1 : -1,
    share: spot * Math.exp(-dividendYield * years),
    payment: strike * Math.exp(-rate * years),
  }
}
