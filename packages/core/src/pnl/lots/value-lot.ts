import type { IsoDate } from '../../calendar/iso-date.ts'
import { minus, plus, times, whole, ZERO, type Fraction } from '../exact/fraction.ts'
import type { Lot, PortfolioRecord } from '../facts.ts'
import type { PriceSource, SymbolHistory } from '../prices/symbol-history.ts'
import { closingsOf, openThrough, type Closing } from './closings.ts'
import { lotDividends } from './lot-dividends.ts'
import { lotHistory, multiplierOf } from './lot-history.ts'
import { manualMark, marketMark, type Mark } from './mark-lot.ts'
import { recogniseLot, type Recognition } from './recognise-lot.ts'

/** When and from which prices lots are valued. */
export interface ValuationDay {
  readonly date: IsoDate
  readonly record: PortfolioRecord
  readonly prices: PriceSource
}

/** A lot at the end of a date. Quantities in millionths, amounts in trillionths of a dollar, all exact. */
export interface LotValue {
  readonly history: SymbolHistory
  /** Signed, on the lot's own share basis; 0 = closed. */
  readonly open: Fraction
  readonly mark: Mark
  /** Null as long as the lot has no close and the record needs one. */
  readonly recognition: Recognition | null
  /** Signed market value of what is open. */
  readonly marketValue: Fraction
  /** What is open times (mark − entry price). */
  readonly unrealized: Fraction
  /** What was closed times (exit price − entry price), over all events through the date. */
  readonly realizedSinceEntry: Fraction
  /** The same over the events after recognition. */
  readonly realized: Fraction
  /** Paid (negative for a short) on ex-dates after recognition. */
  readonly dividends: Fraction
  /** The lot's part of T: everything gained since its recognition. */
  readonly total: Fraction
}

/**
 * Values a lot that was entered on or before the date.
 *
 * Source: chapter 50, marks and P&L as a difference of states. All terms are on the share basis on which
 * the lot was entered, so that a split enters as a factor of prices.
 *
 * Missing data: without any close the mark is the recognition or entry price, status `missing`; an
 * unrecognised lot has total 0.
 */
export function valueLot(lot: Lot, { date, record, prices }: ValuationDay): LotValue {
  const history = lotHistory(lot, prices)
  const closings = closingsOf(lot, history.splits)
  const entryPrice = whole(lot.entryPrice)
  const recognition = recogniseLot(lot, { record, history, date })
  const mark = markOf(lot, history, date) ?? unpriced(recognition?.price ?? entryPrice)
  const open = openThrough(lot, closings, date)
  const multiplier = multiplierOf(lot)
  const held = times(multiplier, open)
  const past = closings.filter((closing) => closing.date <= date)
  const own = past.filter((closing) => isAfter(closing, recognition))
  const unrealized = times(held, minus(mark.price, entryPrice))
  const realized = realizedBy(own, entryPrice, multiplier)
  const dividends =
    recognition === null
      ? ZERO
      : lotDividends(lot, { history, closings, after: recognition.date, date })
  return {
    history,
    open,
    mark,
    recognition,
    marketValue: times(held, mark.price),
    unrealized,
    realizedSinceEntry:
      own.length === past.length ? realized : realizedBy(past, entryPrice, multiplier),
    realized,
    dividends,
    total: totalOf(recognition, { held, mark, own, multiplier, dividends }),
  }
}

interface Gains {
  readonly held: Fraction
  readonly mark: Mark
  readonly own: readonly Closing[]
  readonly multiplier: Fraction
  readonly dividends: Fraction
}

/** T of the lot: what is open times (mark − p), what was closed times (exit price − p), dividends. */
function totalOf(recognition: Recognition | null, gains: Gains): Fraction {
  if (recognition === null) return ZERO
  const { held, mark, own, multiplier, dividends } = gains
  const onOpen = times(held, minus(mark.price, recognition.price))
  return plus(plus(onOpen, realizedBy(own, recognition.price, multiplier)), dividends)
}

function markOf(lot: Lot, history: SymbolHistory, date: IsoDate): Mark | null {
  return lot.investmentClass === 'PRIVATE' ? manualMark(lot, date) : marketMark(lot, history, date)
}

function unpriced(price: Fraction): Mark {
  return { price, date: null, status: 'missing' }
}

/** Whether a closing counts: after recognition, or on the entry day of a lot recognised at its entry. */
function isAfter(closing: Closing, recognition: Recognition | null): boolean {
  if (recognition === null) return false
  return recognition.isAtEntry || closing.date > recognition.date
}

/** Σ multiplier · quantity · (exit price − a price), signed by side. */
function realizedBy(closings: readonly Closing[], from: Fraction, multiplier: Fraction): Fraction {
  if (closings.length === 0) return ZERO
  let sum = ZERO
  for (const { quantity, exitPrice } of closings) {
    sum = plus(sum, times(quantity, minus(exitPrice, from)))
  }
  return times(multiplier, sum)
}
