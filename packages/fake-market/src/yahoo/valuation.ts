import { newYorkMidnight } from '../market/new-york.ts'
import type { QuoteFacts } from './quote-facts.ts'

const AFTER_THE_CLOSE_SECONDS = 16.5 * 3600

/** Ratios of the last price to what the profile knows; undefined where it does not say (JSON leaves that out). */
export function valuation({ profile, price, yearDividends }: QuoteFacts) {
  const per = (value: number | undefined) => (value === undefined ? undefined : price / value)
  const { nextEarningsDate, sharesOutstanding } = profile
  return {
    marketCap: sharesOutstanding === undefined ? undefined : Math.round(price * sharesOutstanding),
    trailingPE: per(profile.epsTrailing),
    forwardPE: per(profile.epsForward),
    priceToSales: per(profile.salesPerShare),
    priceToBook: per(profile.bookValuePerShare),
    /** A fraction. */
    dividendYield: yearDividends / price,
    earningsSeconds:
      nextEarningsDate === undefined
        ? undefined
        : newYorkMidnight(nextEarningsDate) / 1000 + AFTER_THE_CLOSE_SECONDS,
  }
}
