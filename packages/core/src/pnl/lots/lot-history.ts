import { ONE, whole, type Fraction } from '../exact/fraction.ts'
import type { Lot } from '../facts.ts'
import { contractHistory } from '../options/contract-history.ts'
import { NO_HISTORY, type PriceSource, type SymbolHistory } from '../prices/symbol-history.ts'

const MULTIPLIER = { PUBLIC: ONE, PRIVATE: ONE, OPTIONS: whole(100n) } as const

/** m: how many times its price one unit of the lot is worth. */
export function multiplierOf(lot: Lot): Fraction {
  return MULTIPLIER[lot.investmentClass]
}

/** The closes, splits and dividends that hold for a lot: none for a PRIVATE one, whatever its symbol. */
export function lotHistory(lot: Lot, prices: PriceSource): SymbolHistory {
  if (lot.investmentClass === 'PRIVATE') return NO_HISTORY
  return lot.investmentClass === 'OPTIONS' ? contractHistory(lot, prices) : prices(lot.symbol)
}
