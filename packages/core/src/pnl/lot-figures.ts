import type { IsoDate } from '../calendar/iso-date.ts'
import { centsOf, microsOf } from './exact/amounts.ts'
import { times } from './exact/fraction.ts'
import type { Lot } from './facts.ts'
import { priceOn } from './lots/mark-lot.ts'
import type { LotValue } from './lots/value-lot.ts'
import { contractOn } from './options/contract-on.ts'
import { splitFactor } from './prices/splits.ts'
import type { PriceSource } from './prices/symbol-history.ts'
import type { LotFigures } from './snapshot-figures.ts'

/** A lot's value as it is stored: on the share basis of the date, each figure rounded once. */
export function lotFigures(
  lot: Lot,
  value: LotValue,
  { date, prices }: { readonly date: IsoDate; readonly prices: PriceSource },
): LotFigures {
  const { history, mark, open } = value
  return {
    lotId: lot.id,
    isOpen: open.n !== 0n,
    openQuantity: microsOf(times(open, splitFactor(history.splits, lot.quantityBasisDate, date))),
    lastPrice: microsOf(priceOn(lot, history, { price: mark.price, date })),
    lastPriceDate: mark.date,
    priceStatus: mark.status,
    marketValue: centsOf(value.marketValue),
    unrealizedPnl: centsOf(value.unrealized),
    realizedPnl: centsOf(value.realizedSinceEntry),
    recognition: value.recognition?.stored ?? null,
    isAdjustedContract:
      lot.investmentClass === 'OPTIONS' && contractOn(lot, date, prices).isAdjusted,
  }
}
