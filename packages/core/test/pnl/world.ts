import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import {
  formatCents,
  formatMicros,
  openingEquity,
  parseCents,
  parseMicros,
  valueBook,
  type Book,
  type BookValue,
  type Cents,
  type Flow,
  type Lot,
  type LotFigures,
  type PortfolioRecord,
  type PriceSource,
  type RunningTotals,
} from '../../src/pnl/index.ts'
import { createPriceSource } from '../../src/pnl/prices/create-price-source.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

/** What is known of a symbol: numbers and ratios by date. */
export interface SymbolDays {
  readonly closes?: Readonly<Record<string, number>>
  readonly splits?: Readonly<Record<string, string>>
  readonly dividends?: Readonly<Record<string, string>>
}

/** A market in which exactly these closes, splits and dividends happened. */
export function market(symbols: Readonly<Record<string, SymbolDays>>): PriceSource {
  const names = Object.keys(symbols)
  const sessions = [
    ...new Set(Object.values(symbols).flatMap(({ closes = {} }) => Object.keys(closes))),
  ].sort()
  const close = new Float64Array(names.length * sessions.length).fill(NaN)
  names.forEach((name, row) => {
    for (const [date, price] of Object.entries(symbols[name]?.closes ?? {})) {
      close[row * sessions.length + sessions.indexOf(date)] = price
    }
  })
  const events = names.flatMap((name) => eventsOf(name, symbols[name] ?? {}))
  const panel = { sessions: sessions as SessionDate[], symbols: names as Ticker[], close }
  return createPriceSource({ panel, events })
}

function eventsOf(symbol: string, { splits = {}, dividends = {} }: SymbolDays) {
  const dates = new Set([...Object.keys(splits), ...Object.keys(dividends)])
  return [...dates].map((date) => ({
    symbol,
    exDate: date as IsoDate,
    dividend: dividends[date] ?? '0',
    splitRatio: splits[date] ?? '1',
  }))
}

export interface LotText {
  readonly id?: string
  readonly symbol?: string
  readonly class?: Lot['investmentClass']
  readonly quantity: string
  readonly entry: string
  readonly on: string
  /** The share basis; the entry date unless told. */
  readonly basis?: string
  readonly underlying?: string
  readonly enteredValue?: string
  readonly recognition?: Lot['recognition']
  /** Closings as `['2024-01-05', '40', '44.50']`: date, quantity, price. */
  readonly closed?: readonly (readonly [date: string, quantity: string, price: string])[]
  readonly valuations?: Readonly<Record<string, string>>
}

export function lot(text: LotText): Lot {
  return {
    id: text.id ?? `${text.symbol ?? 'ACME'} ${text.on} ${text.quantity}`,
    symbol: (text.symbol ?? 'ACME') as Ticker,
    investmentClass: text.class ?? 'PUBLIC',
    quantity: parseMicros(text.quantity),
    entryPrice: parseMicros(text.entry),
    entryDate: text.on as IsoDate,
    quantityBasisDate: (text.basis ?? text.on) as IsoDate,
    underlyingSymbol: (text.underlying ?? null) as Ticker | null,
    enteredValue: text.enteredValue === undefined ? null : parseCents(text.enteredValue),
    recognition: text.recognition ?? null,
    events: (text.closed ?? []).map(([date, quantity, price]) => ({
      tradeDate: date as IsoDate,
      quantityClosed: parseMicros(quantity),
      exitPrice: parseMicros(price),
      reason: 'trade',
    })),
    valuations: Object.entries(text.valuations ?? {}).map(([date, value]) => ({
      date: date as IsoDate,
      marketValue: parseCents(value),
    })),
  }
}

/** Flows by date; a withdrawal is negative. */
export function flows(amounts: Readonly<Record<string, string>>): readonly Flow[] {
  return Object.entries(amounts).map(([date, amount]) => ({
    date: date as IsoDate,
    amount: parseCents(amount),
  }))
}

/** A record that begins with the snapshot of a date and the equity typed for it. */
export function recordFrom(date: string, equity = '10000'): PortfolioRecord {
  return {
    kind: 'snapshots',
    firstSnapshot: date as SessionDate,
    initialEquity: parseCents(equity),
  }
}

/** A record from inception whose first snapshot is on `first` and whose equity was typed for `asOf`. */
export function recordFromInception(
  first: string,
  asOf: string,
  equity = '10000',
): PortfolioRecord {
  return {
    kind: 'from_inception',
    firstSnapshot: first as SessionDate,
    initialEquity: parseCents(equity),
    equityAsOf: asOf as IsoDate,
  }
}

export interface Facts {
  readonly record: PortfolioRecord
  readonly lots?: readonly Lot[]
  readonly flows?: readonly Flow[]
}

export function book({ record, lots = [], flows: moved = [] }: Facts): Book {
  return { record, lots, flows: moved }
}

/** Values a book on each of the dates in order, each building on the one before. */
export function valuesOn(
  of: Book,
  prices: PriceSource,
  dates: readonly string[],
): readonly BookValue[] {
  const opening = openingEquity(of, prices)
  let previous: RunningTotals | null = null
  return dates.map((date) => {
    const value = valueBook(of, { date: date as IsoDate, prices, previous, openingEquity: opening })
    previous = value.snapshot
    return value
  })
}

/** The snapshot of a book that builds on one of the past, made when other facts were known. */
export function snapshotAfter(
  previous: RunningTotals | undefined,
  of: Book,
  { prices, date }: { readonly prices: PriceSource; readonly date: string },
): BookValue['snapshot'] {
  const opening = openingEquity(of, prices)
  const query = {
    date: date as IsoDate,
    prices,
    previous: previous ?? null,
    openingEquity: opening,
  }
  return valueBook(of, query).snapshot
}

/** The snapshots of a book on each of the dates, amounts as decimals. */
export function snapshots(facts: Facts, prices: PriceSource, dates: readonly string[]) {
  return valuesOn(book(facts), prices, dates).map(({ snapshot }) => readable(snapshot))
}

/** The last of these snapshots. */
export function lastSnapshot(facts: Facts, prices: PriceSource, dates: readonly string[]) {
  const last = snapshots(facts, prices, dates).at(-1)
  if (last === undefined) throw new Error('no dates')
  return last
}

/** A snapshot with its amounts as decimals. */
export function readable(snapshot: BookValue['snapshot']) {
  const entries: (readonly [string, unknown])[] = Object.entries(snapshot).map(
    ([name, value]: [string, unknown]) => [
      name,
      typeof value === 'bigint' ? formatCents(value as Cents) : value,
    ],
  )
  return Object.fromEntries(entries) as {
    [K in keyof BookValue['snapshot']]: BookValue['snapshot'][K] extends bigint
      ? string
      : BookValue['snapshot'][K]
  }
}

/** A lot's figures on a date, as decimals. */
export function lotOn(
  one: Lot,
  prices: PriceSource,
  at: { record: PortfolioRecord; date: string },
) {
  const [value] = valuesOn(book({ record: at.record, lots: [one] }), prices, [at.date])
  const figures = value?.lots[0]
  if (figures === undefined) throw new Error('the lot is not entered yet')
  return readableLot(figures)
}

function readableLot(figures: LotFigures) {
  return {
    ...figures,
    openQuantity: formatMicros(figures.openQuantity),
    lastPrice: formatMicros(figures.lastPrice),
    marketValue: formatCents(figures.marketValue),
    unrealizedPnl: formatCents(figures.unrealizedPnl),
    realizedPnl: formatCents(figures.realizedPnl),
    recognition:
      figures.recognition === null
        ? null
        : [figures.recognition.date, formatMicros(figures.recognition.price)],
  }
}
