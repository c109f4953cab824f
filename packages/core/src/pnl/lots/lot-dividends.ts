import type { IsoDate } from '../../calendar/iso-date.ts'
import { plus, times, whole, ZERO, type Fraction } from '../exact/fraction.ts'
import type { Lot } from '../facts.ts'
import type { Dividend, SymbolHistory } from '../prices/symbol-history.ts'
import { splitFactor } from '../prices/splits.ts'
import { openBefore, type Closing } from './closings.ts'

export interface DividendQuery {
  readonly history: SymbolHistory
  readonly closings: readonly Closing[]
  /** Ex-dates in (after, date] count. */
  readonly after: IsoDate
  readonly date: IsoDate
}

/**
 * Cash dividends of a lot in trillionths of a dollar: for each ex-date, what was open before that day,
 * on the ex-date's share basis, times the dividend per share. Negative for a short, which pays.
 *
 * An option contract has no dividends; its history holds none.
 */
export function lotDividends(
  lot: Lot,
  { history, closings, after, date }: DividendQuery,
): Fraction {
  const { dividends, splits } = history
  if (dividends.length === 0) return ZERO
  if (splits.length === 0 && closings.length === 0) {
    // The same quantity received each of them.
    return whole(lot.quantity * (paidThrough(dividends, date) - paidThrough(dividends, after)))
  }
  let total = ZERO
  for (const { exDate, perShare } of dividends) {
    if (exDate <= after || exDate > date) continue
    const factor = splitFactor(splits, lot.quantityBasisDate, exDate)
    const shares = times(openBefore(lot, closings, exDate), factor)
    total = plus(total, times(shares, whole(perShare)))
  }
  return total
}

/** All dividends through a date added up. */
function paidThrough(dividends: readonly Dividend[], date: IsoDate): bigint {
  for (let i = dividends.length - 1; i >= 0; i--) {
    const dividend = dividends[i] as Dividend
    if (dividend.exDate <= date) return dividend.paidThrough
  }
  return 0n
}
