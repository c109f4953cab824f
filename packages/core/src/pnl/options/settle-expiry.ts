import { sessionIndex, sessionOnOrBefore } from '../../calendar/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import { parseOcc, type OptionContract } from '../../symbols/occ.ts'
import { microsOf, parseMicros, type Micros } from '../exact/amounts.ts'
import { dividedBy, minus, times, whole, type Fraction } from '../exact/fraction.ts'
import type { Lot, RealizedEvent } from '../facts.ts'
import { closingsOf, openThrough } from '../lots/closings.ts'
import { marketMark, priceOn } from '../lots/mark-lot.ts'
import type { Close, PriceSource } from '../prices/symbol-history.ts'
import { splitFactor } from '../prices/splits.ts'
import { contractEras } from './contract-eras.ts'
import { contractHistory } from './contract-history.ts'

/** What expiry does to an option lot. */
export type ExpirySettlement =
  /** Not expired, nothing open at expiry, or not an option. */
  | { readonly state: 'not_due' }
  /** The underlying has no close of the expiration session yet. */
  | { readonly state: 'waiting' }
  | {
      readonly state: 'settled'
      readonly event: RealizedEvent
      /** All but the first are to be flagged: the close of the expiration session never came. */
      readonly priced: 'underlying_close' | 'underlying_last_close' | 'last_mark' | 'entry_price'
    }

/** How many sessions the underlying's close may be late. */
export const PATIENCE_SESSIONS = 5

/**
 * The realized event that closes an open option on its expiration session (the session before, when it
 * expires on another day) at intrinsic value.
 *
 * A function of facts: expiry events that the lot already has are not looked at, so that the answer can
 * replace them when the underlying's close came late.
 *
 * Missing data: without a close of the underlying on that session it waits five sessions, then takes the
 * underlying's latest earlier close restated by splits, else the option's own last mark, else its entry
 * price.
 *
 * @param asOf the latest session that is processed
 * @example a short call of strike 150 whose underlying closes at 157.25 is closed at 7.25
 */
export function settleExpiry(lot: Lot, asOf: SessionDate, prices: PriceSource): ExpirySettlement {
  const contract = lot.investmentClass === 'OPTIONS' ? parseOcc(lot.symbol) : null
  if (contract === null) return { state: 'not_due' }
  const expiry = sessionOnOrBefore(contract.expiration)
  if (expiry > asOf) return { state: 'not_due' }
  const quantityClosed = openAt(lot, expiry, prices)
  if (quantityClosed === 0n) return { state: 'not_due' }
  const close =
    lot.underlyingSymbol === null ? null : prices(lot.underlyingSymbol).closeOnOrBefore(expiry)
  const isLate = close?.date !== expiry
  if (isLate && sessionIndex(asOf) - sessionIndex(expiry) < PATIENCE_SESSIONS)
    return { state: 'waiting' }
  const settledAt = (exitPrice: Micros): RealizedEvent => ({
    tradeDate: expiry,
    quantityClosed,
    exitPrice,
    reason: 'expiry',
  })
  if (close === null) {
    const { price, priced } = lastMark(lot, expiry, prices)
    return { state: 'settled', event: settledAt(price), priced }
  }
  const price = intrinsicValue(lot, { contract, close, expiry, prices })
  const priced = isLate ? 'underlying_last_close' : 'underlying_close'
  return { state: 'settled', event: settledAt(price), priced }
}

function openAt(lot: Lot, expiry: SessionDate, prices: PriceSource): Micros {
  const { splits } = contractHistory(lot, prices)
  const traded = { ...lot, events: lot.events.filter(({ reason }) => reason !== 'expiry') }
  const open = openThrough(traded, closingsOf(traded, splits), expiry)
  const onExpiry = microsOf(times(open, splitFactor(splits, lot.quantityBasisDate, expiry)))
  return (onExpiry < 0n ? 0n - onExpiry : onExpiry) as Micros
}

interface IntrinsicQuery {
  readonly contract: OptionContract
  readonly close: Close
  readonly expiry: SessionDate
  readonly prices: PriceSource
}

/**
 * max(S − K, 0) of a call, max(K − S, 0) of a put, per share. After a split that left no whole contracts,
 * a contract's old share is worth that many new ones.
 */
function intrinsicValue(lot: Lot, { contract, close, expiry, prices }: IntrinsicQuery): Micros {
  const last = contractEras(lot, prices).findLast(
    (era) => era.contract !== null && (era.from === null || era.from <= expiry),
  )
  const { strike, right } = last?.contract ?? contract
  const ofUnderlying = lot.underlyingSymbol === null ? [] : prices(lot.underlyingSymbol).splits
  const ofContract = contractHistory(lot, prices).splits
  const basis = lot.quantityBasisDate
  // The underlying on the lot's basis, then on the basis of the contract that expires.
  const onBasis = times(whole(close.price), splitFactor(ofUnderlying, basis, close.date))
  const spot = dividedBy(onBasis, splitFactor(ofContract, basis, expiry))
  const moneyness = minus(spot, whole(parseMicros(strike)))
  const gain: Fraction = right === 'C' ? moneyness : { n: -moneyness.n, d: moneyness.d }
  return gain.n > 0n ? microsOf(gain) : (0n as Micros)
}

function lastMark(
  lot: Lot,
  expiry: SessionDate,
  prices: PriceSource,
): { readonly price: Micros; readonly priced: 'last_mark' | 'entry_price' } {
  const history = contractHistory(lot, prices)
  const mark = marketMark(lot, history, expiry)
  const price = mark?.price ?? whole(lot.entryPrice)
  return {
    price: microsOf(priceOn(lot, history, { price, date: expiry })),
    priced: mark === null ? 'entry_price' : 'last_mark',
  }
}
