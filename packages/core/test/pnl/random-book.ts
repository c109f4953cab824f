import fc from '../harness/fast-check.ts'
import { sessionsBetween } from '../../src/calendar/index.ts'
import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import type { Book, Cents, Flow, Lot, Micros, PortfolioRecord } from '../../src/pnl/index.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { factor, ratioOf, rounded, type Quotient } from './quotients.ts'

/** Everything that happened to the prices of one symbol; amounts in millionths. */
export interface SymbolFacts {
  readonly closes: readonly { readonly date: SessionDate; readonly micros: number }[]
  readonly splits: readonly { readonly date: SessionDate; readonly ratio: string }[]
  readonly dividends: readonly { readonly date: SessionDate; readonly micros: number }[]
}

export type MarketFacts = Readonly<Record<string, SymbolFacts>>

/** A portfolio, the market it lives in, and the dates on which it is looked at. */
export interface World {
  readonly book: Book
  readonly market: MarketFacts
  /** In order, the first snapshot first. */
  readonly dates: readonly SessionDate[]
}

export const SESSIONS = sessionsBetween('2024-01-02' as IsoDate, '2024-02-15' as IsoDate)
const SYMBOLS = ['ACME', 'BOLT', 'CORK'] as const
/** Its underlying never splits: split contracts have tests of their own. */
const OPTION = 'DENT240315C00050000'
const RATIOS = ['2', '1.5', '0.125', '0.3333333333', '7', '1.2810000000']
/** Multiples of these many millionths stay whole under every ratio that `restated` is used with. */
const PRICE_STEP = 42
const QUANTITY_STEP = 24

const session = fc.nat({ max: SESSIONS.length - 1 })
const price = fc.integer({ min: PRICE_STEP, max: 420_000_000 })
const quantity = fc
  .oneof(
    fc.integer({ min: 1, max: 400_000_000 }),
    fc.integer({ min: 1, max: 50 }).map((n) => n * 125_000),
  )
  .map((steps) => BigInt(steps * QUANTITY_STEP))
const dateOf = (index: number): SessionDate => SESSIONS[index % SESSIONS.length] as SessionDate

function symbolFacts(hasSplits: boolean): fc.Arbitrary<SymbolFacts> {
  return fc
    .record({
      /** Per session a close or, one time in four, none. */
      closes: fc.array(fc.option(price, { freq: 4, nil: null }), {
        minLength: SESSIONS.length,
        maxLength: SESSIONS.length,
      }),
      /** Some symbols trade late or not at all. */
      silentFor: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        fc.nat({ max: SESSIONS.length }),
      ),
      splits: fc.uniqueArray(fc.record({ at: session, ratio: fc.constantFrom(...RATIOS) }), {
        maxLength: hasSplits ? 2 : 0,
        selector: ({ at }) => at,
      }),
      dividends: fc.uniqueArray(fc.record({ at: session, micros: price }), {
        maxLength: 3,
        selector: ({ at }) => at,
      }),
    })
    .map(({ closes, silentFor, splits, dividends }) => ({
      closes: closes.flatMap((micros, i) =>
        micros === null || i < silentFor ? [] : [{ date: dateOf(i), micros }],
      ),
      splits: splits.map(({ at, ratio }) => ({ date: dateOf(at), ratio })),
      dividends: dividends.map(({ at, micros }) => ({
        date: dateOf(at),
        micros: PRICE_STEP + (micros % 4_200_000),
      })),
    }))
}

const lotPlan = fc.record({
  kind: fc.constantFrom(...SYMBOLS, ...SYMBOLS, 'option', 'private'),
  isShort: fc.boolean(),
  quantity,
  entryPrice: price,
  /** Negative: so many days before the first session. */
  entry: fc.oneof(session, fc.integer({ min: -400, max: -1 })),
  basisAfterEntry: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 30 })),
  closings: fc.array(
    fc.record({ after: fc.nat({ max: 40 }), parts: fc.constantFrom(1, 2, 4), price }),
    {
      maxLength: 3,
    },
  ),
  enteredValue: fc.option(fc.integer({ min: 1, max: 10_000_000 }), { nil: null }),
  valuations: fc.uniqueArray(
    fc.record({ at: session, cents: fc.integer({ min: 0, max: 10_000_000 }) }),
    {
      maxLength: 3,
      selector: ({ at }) => at,
    },
  ),
})
type LotPlan = typeof lotPlan extends fc.Arbitrary<infer T> ? T : never

/** Any book in any market. */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    symbols: fc.tuple(symbolFacts(true), symbolFacts(true), symbolFacts(true), symbolFacts(false)),
    plans: fc.array(lotPlan, { minLength: 0, maxLength: 6 }),
    moved: fc.array(
      fc.record({
        day: fc.integer({ min: -5, max: 60 }),
        cents: fc.integer({ min: -90_000_000, max: 90_000_000 }),
      }),
      { maxLength: 4 },
    ),
    first: fc.nat({ max: 12 }),
    asOf: fc.nat({ max: 20 }),
    isFromInception: fc.boolean(),
    equity: fc.integer({ min: 1, max: 1_000_000_000 }),
    looks: fc.subarray([...SESSIONS.keys()], { minLength: 1 }),
  })
  .map(({ symbols, plans, moved, ...rest }) => {
    const market = Object.fromEntries(
      [...SYMBOLS, OPTION].map((name, i) => [name, symbols[i] as SymbolFacts]),
    )
    const dates = rest.looks.filter((index) => index > rest.first).map(dateOf)
    return {
      book: {
        record: recordOf(rest),
        lots: plans.map((plan, i) => lotOf(plan, i, market)),
        flows: moved.map(flowOf),
      },
      market,
      dates: [dateOf(rest.first), ...dates],
    }
  })

function recordOf(plan: {
  first: number
  asOf: number
  isFromInception: boolean
  equity: number
}): PortfolioRecord {
  const facts = { firstSnapshot: dateOf(plan.first), initialEquity: BigInt(plan.equity) as Cents }
  if (!plan.isFromInception) return { kind: 'snapshots', ...facts }
  return { kind: 'from_inception', ...facts, equityAsOf: dateOf(plan.first + plan.asOf) }
}

function flowOf({ day, cents }: { day: number; cents: number }): Flow {
  return { date: daysFrom('2024-01-02', day), amount: BigInt(cents) as Cents }
}

function lotOf(plan: LotPlan, index: number, market: MarketFacts): Lot {
  const entryDate = plan.entry < 0 ? daysFrom('2024-01-02', plan.entry) : dateOf(plan.entry)
  const isListed = plan.kind !== 'option' && plan.kind !== 'private'
  const side = plan.isShort ? -1n : 1n
  const basis = isListed ? daysFrom(entryDate, plan.basisAfterEntry) : entryDate
  const facts = isListed ? market[plan.kind] : undefined
  return {
    id: `lot ${index}`,
    symbol: (plan.kind === 'option'
      ? OPTION
      : plan.kind === 'private'
        ? 'ACME'
        : plan.kind) as Ticker,
    investmentClass: isListed ? 'PUBLIC' : plan.kind === 'option' ? 'OPTIONS' : 'PRIVATE',
    quantity: (side * plan.quantity) as Micros,
    entryPrice: BigInt(plan.entryPrice) as Micros,
    entryDate,
    quantityBasisDate: basis,
    underlyingSymbol: plan.kind === 'option' ? ('DENT' as Ticker) : null,
    enteredValue: plan.enteredValue === null ? null : ((side * BigInt(plan.enteredValue)) as Cents),
    recognition: null,
    events: closingsOf(plan, { entryDate, basis, facts }),
    valuations: plan.valuations.map(({ at, cents }) => ({
      date: dateOf(at),
      marketValue: (side * BigInt(cents)) as Cents,
    })),
  }
}

/** Closes the whole, half or a quarter of what is open, rounded to millionths as brokers do. */
function closingsOf(
  plan: LotPlan,
  {
    entryDate,
    basis,
    facts,
  }: { entryDate: IsoDate; basis: IsoDate; facts: SymbolFacts | undefined },
): Lot['events'] {
  const inOrder = plan.closings.toSorted((a, b) => a.after - b.after)
  let open: Quotient = [plan.quantity, 1n]
  return inOrder.flatMap(({ after, parts, price: exit }) => {
    const tradeDate = daysFrom(entryDate, after)
    const f = factor(facts?.splits ?? [], basis, tradeDate)
    const onTradeDate: Quotient = [open[0] * f[0], open[1] * f[1]]
    const quantityClosed = rounded([onTradeDate[0], onTradeDate[1] * BigInt(parts)])
    if (quantityClosed <= 0n) return []
    open = [onTradeDate[0] * f[1] - quantityClosed * onTradeDate[1] * f[1], onTradeDate[1] * f[0]]
    return [
      {
        tradeDate,
        quantityClosed: quantityClosed as Micros,
        exitPrice: BigInt(exit) as Micros,
        reason: 'trade' as const,
      },
    ]
  })
}

export function daysFrom(date: string, days: number): IsoDate {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10) as IsoDate
}

/** A world without splits in which every number stays whole when `restated` splits a symbol. */
export function onWholeSteps({ book, market, dates }: World): World {
  const step = <T extends { readonly micros: number }>(row: T): T => ({
    ...row,
    micros: row.micros - (row.micros % PRICE_STEP),
  })
  const price = (micros: Micros) => (micros - (micros % BigInt(PRICE_STEP))) as Micros
  const quantity = (micros: Micros) => (micros - (micros % BigInt(QUANTITY_STEP))) as Micros
  const lots = book.lots.map((one) => ({
    ...one,
    entryPrice: price(one.entryPrice),
    events: one.events
      .map((event) => ({
        ...event,
        quantityClosed: quantity(event.quantityClosed),
        exitPrice: price(event.exitPrice),
      }))
      .filter(({ quantityClosed }) => quantityClosed > 0n),
  }))
  const symbols = Object.entries(market).map(([symbol, { closes, dividends }]) => [
    symbol,
    { closes: closes.map(step), dividends: dividends.map(step), splits: [] },
  ])
  return { book: { ...book, lots }, market: Object.fromEntries(symbols) as MarketFacts, dates }
}

/**
 * The same world had a symbol split by a whole-number-friendly ratio on a date: more shares, lower prices,
 * all facts from that date on in new shares. No dollar differs.
 */
export function restated(
  world: World,
  symbol: string,
  split: { date: SessionDate; ratio: string },
): World {
  const [n, d] = ratioOf(split.ratio)
  const isAfter = (date: string) => date >= split.date
  const cheaper = (micros: bigint) => (micros * d) / n
  const facts = world.market[symbol]
  if (facts === undefined) return world
  const priced = <T extends { date: SessionDate; micros: number }>(row: T): T =>
    isAfter(row.date) ? { ...row, micros: Number(cheaper(BigInt(row.micros))) } : row
  return {
    ...world,
    market: {
      ...world.market,
      [symbol]: {
        closes: facts.closes.map(priced),
        dividends: facts.dividends.map(priced),
        splits: [split],
      },
    },
    book: {
      ...world.book,
      lots: world.book.lots.map((one) =>
        one.symbol === symbol ? restatedLot(one, { n, d, isAfter }) : one,
      ),
    },
  }
}

function restatedLot(
  one: Lot,
  { n, d, isAfter }: { n: bigint; d: bigint; isAfter: (date: string) => boolean },
): Lot {
  if (one.investmentClass === 'PRIVATE') return one
  const isEnteredAfter = isAfter(one.quantityBasisDate)
  return {
    ...one,
    quantity: (isEnteredAfter ? (one.quantity * n) / d : one.quantity) as Micros,
    entryPrice: (isEnteredAfter ? (one.entryPrice * d) / n : one.entryPrice) as Micros,
    events: one.events.map((event) =>
      isAfter(event.tradeDate)
        ? {
            ...event,
            quantityClosed: ((event.quantityClosed * n) / d) as Micros,
            exitPrice: ((event.exitPrice * d) / n) as Micros,
          }
        : event,
    ),
  }
}
