import type { Ticker } from '../symbols/ticker.ts'
import { exposureSymbol, type ExposureLot } from './exposure-book.ts'

/** What a portfolio holds of one symbol, directly and through options. */
export interface SymbolDollars {
  readonly symbol: Ticker
  /** Cents that move with the symbol, shorts negative, options by their delta. */
  readonly net: number
  /** The market values of the lots without their signs, in cents; options by what they cost. */
  readonly gross: number
}

/** The lots of a portfolio, netted by symbol. */
export interface BookDollars {
  /** Sorted by symbol. Lots without a usable mark and options without Greeks are not in it. */
  readonly bySymbol: readonly SymbolDollars[]
  /** The market values of all PUBLIC and OPTIONS lots without their signs, in cents. */
  readonly listed: number
  readonly listedLots: number
  readonly lotsWithoutMark: number
  readonly lotsWithoutGreeks: number
}

/**
 * Nets a portfolio's lots by symbol, so that what follows cannot depend on how a holding is split into
 * lots. Cents are whole and therefore exact as numbers; option deltas are not whole, and are added from
 * the smallest on so that the order of lots cannot show in the last digit.
 *
 * Missing data: a lot whose mark is `missing`, and an option without Greeks, count in `listed` and
 * nowhere else. PRIVATE lots do not count at all.
 */
export function symbolDollars(lots: readonly ExposureLot[]): BookDollars {
  const held = new Map<Ticker, { readonly nets: number[]; gross: number }>()
  let [listed, listedLots, lotsWithoutMark, lotsWithoutGreeks] = [0, 0, 0, 0]
  for (const lot of lots) {
    if (lot.investmentClass === 'PRIVATE') continue
    const value = Number(lot.marketValue)
    listed += Math.abs(value)
    listedLots += 1
    const symbol = exposureSymbol(lot)
    const net = lot.investmentClass === 'OPTIONS' ? centsOf(lot.deltaDollars) : value
    if (lot.priceStatus === 'missing') lotsWithoutMark += 1
    else if (symbol === null || net === null) lotsWithoutGreeks += 1
    else {
      const own = held.get(symbol) ?? { nets: [], gross: 0 }
      own.nets.push(net)
      own.gross += Math.abs(value)
      held.set(symbol, own)
    }
  }
  const bySymbol = [...held].map(([symbol, { nets, gross }]) => ({ symbol, net: sum(nets), gross }))
  bySymbol.sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
  return { bySymbol, listed, listedLots, lotsWithoutMark, lotsWithoutGreeks }
}

function centsOf(dollars: number | null): number | null {
  return dollars === null ? null : dollars * 100
}

function sum(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b).reduce((total, value) => total + value, 0)
}
