import { parseOcc } from './occ.ts'
import type { Ticker } from './ticker.ts'

/** What kind of instrument a symbol names. */
export type AssetType = 'equity' | 'etf' | 'fund' | 'option' | 'index'

/**
 * The kind a symbol is taken for until a profile says more: its spelling tells options (OCC) and
 * indices (a leading `^`); a factor proxy is an ETF; everything else is an equity.
 */
export function assumedAssetType(symbol: Ticker, isProxy: boolean): AssetType {
  if (parseOcc(symbol) !== null) return 'option'
  if (symbol.startsWith('^')) return 'index'
  return isProxy ? 'etf' : 'equity'
}
