import type { BookDollars } from '../exposures/symbol-dollars.ts'
import type { AnalyticReason } from './analytic-result.ts'

/**
 * Why a book holds no symbol that moves with the market; null when it holds one.
 *
 * @param openLots how many lots are open, PRIVATE ones included
 */
export function noHoldingsReason(book: BookDollars, openLots: number): AnalyticReason | null {
  if (openLots === 0) return 'no_active_positions'
  if (book.listedLots === 0) return 'no_public_positions'
  if (book.bySymbol.length > 0) return null
  return book.lotsWithoutGreeks > 0 ? 'no_greeks' : 'no_price_data'
}
