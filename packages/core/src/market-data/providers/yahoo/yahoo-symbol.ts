import type { Ticker } from '../../../symbols/ticker.ts'

/** One letter after a dot is a share class, unless it is Yahoo's sign for Frankfurt, London, Tokyo or Toronto Venture. */
const SHARE_CLASS = /\.([A-EG-KM-SUW-Z])$/

/**
 * A symbol in Yahoo's spelling: the class of a US share follows a hyphen, all else is spelt alike.
 *
 * @example toYahooSymbol('BRK.B') // 'BRK-B'; '^GSPC' and 'OCDO.L' stay
 */
export function toYahooSymbol(symbol: Ticker): string {
  return symbol.replace(SHARE_CLASS, '-$1')
}
