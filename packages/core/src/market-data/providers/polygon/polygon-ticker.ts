import { isOptionTicker } from '../../../symbols/occ.ts'
import type { Ticker } from '../../../symbols/ticker.ts'

/** An equity's or fund's symbol as US exchanges write it, with a class or unit after the point. */
const US_LISTED = /^[A-Z][A-Z0-9]*(\.[A-Z]{1,2})?$/
/** Mutual funds have five letters of which the last is an X; they do not trade on an exchange. */
const MUTUAL_FUND = /^[A-Z]{4}X$/

/** Whether the vendor may have daily bars of a symbol: US equities, ETFs and their options. */
export function isServedByPolygon(symbol: Ticker): boolean {
  return isOptionTicker(symbol) || (US_LISTED.test(symbol) && !MUTUAL_FUND.test(symbol))
}

/**
 * The vendor's name of a symbol: classes keep their point, options have the prefix `O:`.
 *
 * @example polygonTicker('AAPL240119C00150000') // 'O:AAPL240119C00150000'
 */
export function polygonTicker(symbol: Ticker): string {
  return isOptionTicker(symbol) ? `O:${symbol}` : symbol
}
