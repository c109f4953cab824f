import type { IsoDate } from '../calendar/iso-date.ts'
import {
  openQuantity,
  realizedPnl,
  type Cents,
  type Lot,
  type PriceSource,
  type RealizedEvent,
} from '../pnl/index.ts'
import { EditRefused } from './edit-refused.ts'

/** Part or all of a lot that its owner closes, on the share basis of the trade date. */
export interface Closing {
  readonly tradeDate: IsoDate
  /** Unsigned. */
  readonly quantity: RealizedEvent['quantityClosed']
  readonly price: RealizedEvent['exitPrice']
}

export interface JudgedClosing {
  readonly event: RealizedEvent
  readonly realizedPnl: Cents
}

/**
 * Makes an event of a closing, given the trades that closed some of the lot already. An expiry that was
 * recorded does not count: it follows from the trades.
 *
 * @throws EditRefused CLOSE_003 on a date before the entry, after today or after the contract's expiration,
 *   CLOSE_004 when more than is open would be closed, then or by a later trade
 */
export function judgeClosing(
  lot: Lot,
  { tradeDate, quantity, price }: Closing,
  { prices, today, expiration }: ClosingFrame,
): JudgedClosing {
  const problem = dateProblem(lot, tradeDate, { today, expiration })
  if (problem !== null) throw new EditRefused('invalid', 'CLOSE_003', problem)
  const event: RealizedEvent = {
    tradeDate,
    quantityClosed: quantity,
    exitPrice: price,
    reason: 'trade',
  }
  const trades = lot.events.filter(({ reason }) => reason !== 'expiry')
  const closed: Lot = { ...lot, events: [...trades, event] }
  const isOverdrawn = closed.events.some(({ tradeDate: date }) => {
    const open = openQuantity(closed, date, prices)
    return date >= tradeDate && (lot.quantity > 0n ? open < 0n : open > 0n)
  })
  if (isOverdrawn) {
    throw new EditRefused('invalid', 'CLOSE_004', 'More would be closed than is open on that date.')
  }
  return { event, realizedPnl: realizedPnl(closed, event, prices) }
}

export interface ClosingFrame {
  readonly prices: PriceSource
  readonly today: IsoDate
  /** Of an option; else null. */
  readonly expiration: IsoDate | null
}

function dateProblem(
  { entryDate }: Lot,
  date: IsoDate,
  { today, expiration }: Omit<ClosingFrame, 'prices'>,
): string | null {
  if (date < entryDate) return `The position was entered later, on ${entryDate}.`
  if (date > today) return `The date is later than today, ${today}.`
  if (expiration === null || date <= expiration) return null
  return `The contract expired on ${expiration}.`
}
