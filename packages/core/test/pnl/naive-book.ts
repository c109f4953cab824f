import { sessionsBetween } from '../../src/calendar/index.ts'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { Book, Lot } from '../../src/pnl/index.ts'
import {
  add,
  divide,
  factor,
  integer,
  multiply,
  NOTHING,
  rounded,
  subtract,
  type Quotient,
} from './quotients.ts'
import type { MarketFacts, SymbolFacts } from './random-book.ts'

/**
 * Chapter 50 written down sentence by sentence, with no thought for speed: every question scans all facts,
 * everything is carried to the share basis of the date that is valued, nothing is stored or remembered.
 */
export interface NaiveFigures {
  readonly equity: bigint
  readonly total: bigint
  readonly flow: bigint
  readonly unrealized: bigint
  readonly realized: bigint
  readonly dividends: bigint
  readonly long: bigint
  readonly short: bigint
  readonly gross: bigint
  readonly net: bigint
  readonly positions: number
  readonly stale: number
  readonly missing: number
}

export function naiveFigures(book: Book, market: MarketFacts, d: IsoDate): NaiveFigures {
  const { record } = book
  const values = book.lots
    .filter(({ entryDate }) => entryDate <= d)
    .map((lot) => new NaiveLot(lot, book, market, d))
  const sum = (of: (lot: NaiveLot) => Quotient) => values.map(of).reduce(add, NOTHING)
  const open = values.filter((lot) => lot.open[0] !== 0n)
  const total = cents(sum((lot) => lot.total()))
  const flow = flowThrough(book, d)
  let equity = record.initialEquity + total + flow
  if (record.kind === 'from_inception') {
    const typed = record.equityAsOf
    const then = book.lots.filter(({ entryDate }) => entryDate <= typed)
    const totals = then.map((lot) => new NaiveLot(lot, book, market, typed).total())
    equity -= cents(totals.reduce(add, NOTHING)) + flowThrough(book, typed)
  }
  return {
    equity,
    total,
    flow,
    unrealized: cents(sum((lot) => lot.unrealized())),
    realized: cents(sum((lot) => lot.realized())),
    dividends: cents(sum((lot) => lot.dividends())),
    long: cents(sum((lot) => (lot.value()[0] > 0n ? lot.value() : NOTHING))),
    short: cents(sum((lot) => (lot.value()[0] < 0n ? lot.value() : NOTHING))),
    gross: cents(
      sum((lot) => (lot.value()[0] < 0n ? subtract(NOTHING, lot.value()) : lot.value())),
    ),
    net: cents(sum((lot) => lot.value())),
    positions: open.length,
    stale: open.filter((lot) => lot.status() === 'stale').length,
    missing: open.filter((lot) => lot.status() === 'missing').length,
  }
}

const cents = ([n, d]: Quotient) => rounded([n, d * 10_000_000_000n])

function flowThrough({ flows, record }: Book, d: IsoDate): bigint {
  return flows
    .filter(({ date }) => date > record.firstSnapshot && date <= d)
    .reduce((sum, { amount }) => sum + amount, 0n)
}

const NO_FACTS: SymbolFacts = { closes: [], splits: [], dividends: [] }

class NaiveLot {
  readonly #lot: Lot
  readonly #d: IsoDate
  readonly #r0: IsoDate
  readonly #isFromInception: boolean
  readonly #facts: SymbolFacts
  readonly open: Quotient

  constructor(lot: Lot, book: Book, market: MarketFacts, d: IsoDate) {
    this.#lot = lot
    this.#d = d
    this.#r0 = book.record.firstSnapshot
    this.#isFromInception = book.record.kind === 'from_inception'
    this.#facts = lot.investmentClass === 'PRIVATE' ? NO_FACTS : (market[lot.symbol] ?? NO_FACTS)
    this.open = this.#openOn(({ tradeDate }) => tradeDate <= d, d)
  }

  /** F, for quantities; prices are divided by it. */
  #f(from: IsoDate, to: IsoDate): Quotient {
    return factor(this.#facts.splits, from, to)
  }

  get #m(): Quotient {
    return integer(this.#lot.investmentClass === 'OPTIONS' ? 100n : 1n)
  }

  get #sign(): Quotient {
    return integer(this.#lot.quantity < 0n ? -1n : 1n)
  }

  /** Each event's quantity, signed, on its trade date; one that leaves nothing of six decimals closes all. */
  #closed(): { date: IsoDate; quantity: Quotient; exit: Quotient }[] {
    const { quantityBasisDate, quantity, events } = this.#lot
    let open = multiply(integer(quantity), [1n, 1n])
    let at = quantityBasisDate
    const order = events.toSorted(
      (a, b) =>
        a.tradeDate.localeCompare(b.tradeDate) ||
        Number(a.exitPrice - b.exitPrice) ||
        Number(a.quantityClosed - b.quantityClosed),
    )
    return order.map((event) => {
      open = multiply(open, this.#f(at, event.tradeDate))
      at = event.tradeDate
      let closed = multiply(this.#sign, integer(event.quantityClosed))
      if (rounded(subtract(open, closed)) === 0n) closed = open
      open = subtract(open, closed)
      return { date: event.tradeDate, quantity: closed, exit: integer(event.exitPrice) }
    })
  }

  #openOn(counts: (event: { tradeDate: IsoDate }) => boolean, on: IsoDate): Quotient {
    let open = multiply(integer(this.#lot.quantity), this.#f(this.#lot.quantityBasisDate, on))
    for (const { date, quantity } of this.#closed()) {
      if (counts({ tradeDate: date })) open = subtract(open, multiply(quantity, this.#f(date, on)))
    }
    return open
  }

  #entryOn(d: IsoDate): Quotient {
    return divide(integer(this.#lot.entryPrice), this.#f(this.#lot.quantityBasisDate, d))
  }

  #closeBefore(d: IsoDate) {
    return this.#facts.closes
      .filter(({ date }) => date <= d)
      .toSorted((a, b) => (a.date < b.date ? 1 : -1))[0]
  }

  /** mark(d) on the basis of d; null when there is no close. */
  #mark(d: IsoDate): Quotient | null {
    if (this.#lot.investmentClass === 'PRIVATE') {
      const valued = this.#lot.valuations
        .filter(({ date }) => date <= d)
        .toSorted((a, b) => (a.date < b.date ? 1 : -1))[0]
      const value = valued?.marketValue ?? this.#lot.enteredValue
      if (value === null) return integer(this.#lot.entryPrice)
      return divide(integer(value * 10_000_000_000n), integer(this.#lot.quantity))
    }
    const close = this.#closeBefore(d)
    return close === undefined
      ? null
      : divide(integer(BigInt(close.micros)), this.#f(close.date, d))
  }

  /** r and p, p on the basis of r; null = not recognised. */
  #recognition(): { r: IsoDate; p: Quotient; isAtEntry: boolean } | null {
    const { entryDate } = this.#lot
    if (this.#isFromInception || entryDate > this.#r0) {
      return { r: entryDate, p: this.#entryOn(entryDate), isAtEntry: true }
    }
    const p = this.#mark(this.#r0)
    if (p !== null) return { r: this.#r0, p, isAtEntry: false }
    const first = this.#facts.closes
      .filter(({ date }) => date <= this.#d)
      .toSorted((a, b) => (a.date < b.date ? -1 : 1))[0]
    return first === undefined
      ? null
      : { r: first.date, p: integer(BigInt(first.micros)), isAtEntry: false }
  }

  #currentMark(): Quotient {
    const mark = this.#mark(this.#d)
    if (mark !== null) return mark
    const recognition = this.#recognition()
    return recognition === null
      ? this.#entryOn(this.#d)
      : divide(recognition.p, this.#f(recognition.r, this.#d))
  }

  status(): string {
    if (this.#lot.investmentClass === 'PRIVATE') return 'manual'
    const close = this.#closeBefore(this.#d)
    if (close === undefined) return 'missing'
    const age = sessionsBetween(close.date, this.#d).length - 1
    return age === 0 ? 'current' : age <= 5 ? 'stale' : 'missing'
  }

  value(): Quotient {
    return multiply(this.#m, multiply(this.open, this.#currentMark()))
  }

  unrealized(): Quotient {
    return multiply(
      this.#m,
      multiply(this.open, subtract(this.#currentMark(), this.#entryOn(this.#d))),
    )
  }

  #counted() {
    const recognition = this.#recognition()
    if (recognition === null) return []
    const { r, isAtEntry } = recognition
    return this.#closed().filter(
      ({ date }) => date <= this.#d && (isAtEntry ? date >= r : date > r),
    )
  }

  realized(): Quotient {
    return this.#counted()
      .map(({ date, quantity, exit }) =>
        multiply(this.#m, multiply(quantity, subtract(exit, this.#entryOn(date)))),
      )
      .reduce(add, NOTHING)
  }

  dividends(): Quotient {
    const recognition = this.#recognition()
    if (recognition === null || this.#lot.investmentClass === 'OPTIONS') return NOTHING
    return this.#facts.dividends
      .filter(({ date }) => date > recognition.r && date <= this.#d)
      .map(({ date, micros }) => {
        const open = this.#openOn(({ tradeDate }) => tradeDate < date, date)
        return multiply(open, integer(BigInt(micros)))
      })
      .reduce(add, NOTHING)
  }

  /** T. */
  total(): Quotient {
    const recognition = this.#recognition()
    if (recognition === null) return NOTHING
    const { r, p } = recognition
    const onOpen = multiply(
      this.open,
      subtract(this.#currentMark(), divide(p, this.#f(r, this.#d))),
    )
    const onClosed = this.#counted()
      .map(({ date, quantity, exit }) =>
        multiply(quantity, subtract(exit, divide(p, this.#f(r, date)))),
      )
      .reduce(add, NOTHING)
    return add(multiply(this.#m, add(onOpen, onClosed)), this.dividends())
  }
}
