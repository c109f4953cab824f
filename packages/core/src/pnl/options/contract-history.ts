import { addDays } from '../../calendar/index.ts'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Lot } from '../facts.ts'
import type { Close, PriceSource, SymbolHistory } from '../prices/symbol-history.ts'
import { contractEras, type ContractEra } from './contract-eras.ts'
import { contractSymbol } from './contract-symbol.ts'

/**
 * The closes of an option lot through the splits of its underlying: in each era those of the contract the
 * lot was in, so that the latest close may be one of a predecessor, restated. The splits are those that
 * multiplied the contracts. After a split that left no whole contracts there are no closes any more.
 */
export function contractHistory(lot: Lot, prices: PriceSource): SymbolHistory {
  const eras = contractEras(lot, prices)
  if (eras.length === 0) return withoutEvents(prices(lot.symbol))
  return {
    splits: eras.flatMap(({ split }) => split ?? []),
    dividends: [],
    closeOnOrBefore(date) {
      for (let i = eras.length - 1; i >= 0; i--) {
        const close = latestIn(eras, i, { date, prices })
        if (close !== null) return close
      }
      return null
    },
    firstCloseAfter(date) {
      for (let i = 0; i < eras.length; i++) {
        const close = firstIn(eras, i, { date, prices })
        if (close !== null) return close
      }
      return null
    },
  }
}

/** A contract splits with its underlying only, and pays nothing. */
function withoutEvents(history: SymbolHistory): SymbolHistory {
  const hasEvents = history.splits.length > 0 || history.dividends.length > 0
  return hasEvents ? { ...history, splits: [], dividends: [] } : history
}

interface EraQuery {
  readonly date: IsoDate
  readonly prices: PriceSource
}

/** The latest close on or before a date that lies in era `i`. */
function latestIn(
  eras: readonly ContractEra[],
  i: number,
  { date, prices }: EraQuery,
): Close | null {
  const { contract, from } = eras[i] as ContractEra
  if (contract === null) return null
  const end = lastDay(eras, i)
  const until = end !== null && end < date ? end : date
  const close = prices(contractSymbol(contract)).closeOnOrBefore(until)
  return close === null || (from !== null && close.date < from) ? null : close
}

/** The first close after a date that lies in era `i`. */
function firstIn(
  eras: readonly ContractEra[],
  i: number,
  { date, prices }: EraQuery,
): Close | null {
  const { contract, from } = eras[i] as ContractEra
  if (contract === null) return null
  const end = lastDay(eras, i)
  const since = from !== null && from > date ? addDays(from, -1) : date
  const close = prices(contractSymbol(contract)).firstCloseAfter(since)
  return close === null || (end !== null && close.date > end) ? null : close
}

function lastDay(eras: readonly ContractEra[], i: number): IsoDate | null {
  const next = eras[i + 1]?.from ?? null
  return next === null ? null : addDays(next, -1)
}
