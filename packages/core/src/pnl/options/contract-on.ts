import type { IsoDate } from '../../calendar/iso-date.ts'
import { parseOcc, type OptionContract } from '../../symbols/occ.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { Lot } from '../facts.ts'
import type { PriceSource } from '../prices/symbol-history.ts'
import { contractEras } from './contract-eras.ts'
import { contractSymbol } from './contract-symbol.ts'

/** Which contract an option lot is in. */
export interface ContractOnDate {
  /** Whose closes price the lot; null when no ordinary contract does. */
  readonly symbol: Ticker | null
  readonly contract: OptionContract | null
  /** `adjusted_contract`: a split of the underlying left no whole contracts. */
  readonly isAdjusted: boolean
}

/**
 * The contract of an option lot on a date, after the splits of its underlying between the lot's
 * `quantity_basis_date` and that date.
 *
 * @example a call of strike 700 entered before a 7:1 split is, from the ex-date on, a call of strike 100
 */
export function contractOn(lot: Lot, date: IsoDate, prices: PriceSource): ContractOnDate {
  const eras = contractEras(lot, prices)
  if (eras.length === 0) {
    return { symbol: lot.symbol, contract: parseOcc(lot.symbol), isAdjusted: false }
  }
  const era = eras.findLast(({ from }) => from === null || from <= date)
  const contract = era?.contract ?? null
  return {
    symbol: contract === null ? null : contractSymbol(contract),
    contract,
    isAdjusted: era?.isAdjusted ?? false,
  }
}
