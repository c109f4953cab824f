import type { IsoDate } from '../../calendar/iso-date.ts'
import { parseOcc, type OptionContract } from '../../symbols/occ.ts'
import type { Lot } from '../facts.ts'
import type { PriceSource } from '../prices/symbol-history.ts'
import type { Split } from '../prices/splits.ts'
import { adjustContract, contractBefore } from './adjust-contract.ts'

/** A stretch of time in which an option lot is in one and the same contract. */
export interface ContractEra {
  /** Its first date; null = since ever. */
  readonly from: IsoDate | null
  /** Null when no contract of the ordinary form describes the lot. */
  readonly contract: OptionContract | null
  /** A split left no whole contracts at the start of this era or of an earlier one since entry. */
  readonly isAdjusted: boolean
  /** The split that multiplied the contracts at the start of the era. */
  readonly split: Split | null
}

const NO_ERAS: readonly ContractEra[] = []

/**
 * The contracts that an option lot was, is and will be in, oldest first: the one it was entered as on its
 * `quantity_basis_date`, carried forward and back over the splits of the underlying until it expires.
 *
 * None when no split touches the contract, which is the rule, or when its symbol is not an option's: the
 * lot's own symbol is then the only one there is.
 */
export function contractEras(lot: Lot, prices: PriceSource): readonly ContractEra[] {
  if (lot.underlyingSymbol === null) return NO_ERAS
  const underlying = prices(lot.underlyingSymbol)
  if (underlying.splits.length === 0) return NO_ERAS
  const entered = parseOcc(lot.symbol)
  if (entered === null) return NO_ERAS
  const splits = underlying.splits.filter(({ exDate }) => exDate <= entered.expiration)
  const later = splits.filter(({ exDate }) => exDate > lot.quantityBasisDate)
  const earlier = splits.filter(({ exDate }) => exDate <= lot.quantityBasisDate)
  return [...erasBefore(entered, earlier), ...erasAfter(entered, later)]
}

/** The eras that begin with each of the splits after entry. */
function erasAfter(entered: OptionContract, splits: readonly Split[]): readonly ContractEra[] {
  let contract: OptionContract | null = entered
  return splits.map((split) => {
    contract = contract === null ? null : adjustContract(contract, split.ratio)
    const isAdjusted = contract === null
    return { from: split.exDate, contract, isAdjusted, split: isAdjusted ? null : split }
  })
}

/** The era of entry and, before each of the earlier splits, the one of the contract it replaced. */
function erasBefore(entered: OptionContract, splits: readonly Split[]): readonly ContractEra[] {
  const eras: ContractEra[] = []
  let contract: OptionContract | null = entered
  for (const split of splits.toReversed()) {
    const before: OptionContract | null =
      contract === null ? null : contractBefore(contract, split.ratio)
    eras.push({
      from: split.exDate,
      contract,
      isAdjusted: false,
      split: before === null ? null : split,
    })
    contract = before
  }
  eras.push({ from: null, contract, isAdjusted: false, split: null })
  return eras.toReversed()
}
