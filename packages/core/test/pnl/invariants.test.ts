import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import {
  firstTouched,
  type Book,
  type BookValue,
  type Cents,
  type Lot,
  type Micros,
} from '../../src/pnl/index.ts'
import { naiveFigures } from './naive-book.ts'
import {
  onWholeSteps,
  restated,
  SESSIONS,
  worlds,
  type MarketFacts,
  type World,
} from './random-book.ts'
import { quietDay, withheld } from './other-worlds.ts'
import { market, valuesOn } from './world.ts'

/** `PNL_BOOKS=10000` is the long form; `PNL_SEED` repeats a run. A failure prints its seed and smallest book. */
const runs = Number(process.env['PNL_BOOKS'] ?? 150)
const seed = Number(process.env['PNL_SEED'] ?? 20_240_102)
const forAll = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void) => {
  fc.assert(fc.property(arbitrary, check), { numRuns: runs, seed })
}

function pricesOf(facts: MarketFacts) {
  const days = Object.entries(facts).map(([symbol, { closes, splits, dividends }]) => [
    symbol,
    {
      closes: Object.fromEntries(closes.map(({ date, micros }) => [date, micros / 1e6])),
      splits: Object.fromEntries(splits.map(({ date, ratio }) => [date, ratio])),
      dividends: Object.fromEntries(
        dividends.map(({ date, micros }) => [date, (micros / 1e6).toFixed(6)]),
      ),
    },
  ])
  return market(Object.fromEntries(days) as Parameters<typeof market>[0])
}

const valuesOf = ({ book, market: facts, dates }: World) => valuesOn(book, pricesOf(facts), dates)

/** What is stored, and no more, of a book's lots: the recognition found so far. */
function withStored(book: Book, values: readonly BookValue[]): Book {
  const known = new Map(values.at(-1)?.lots.map(({ lotId, recognition }) => [lotId, recognition]))
  return {
    ...book,
    lots: book.lots.map((one) => ({ ...one, recognition: known.get(one.id) ?? null })),
  }
}

const distance = (a: bigint, b: bigint) => (a < b ? b - a : a - b)

describe('over random books, prices, trades, flows, splits, valuations and gaps', () => {
  test('every figure is the one that the rules give when they are followed word by word', () => {
    forAll(worlds, (world) => {
      const values = valuesOf(world)
      world.dates.forEach((date, i) => {
        const naive = naiveFigures(world.book, world.market, date)
        expect({ date, ...mirror(values[i]?.snapshot) }).toEqual({ date, ...naive })
      })
    })
  })

  test('1: the change of equity is the P&L plus the flow, exactly', () => {
    forAll(worlds, (world) => {
      let previous: BookValue['snapshot'] | undefined
      for (const { snapshot } of valuesOf(world)) {
        if (previous !== undefined) {
          const change = snapshot.equityBalance - previous.equityBalance
          expect(change).toBe(snapshot.dailyPnl + snapshot.dailyCapitalFlow)
          expect(snapshot.cumulativePnl - previous.cumulativePnl).toBe(snapshot.dailyPnl)
        }
        previous = snapshot
      }
    })
  })

  test('2: cash plus net exposure is NAV, exactly', () => {
    forAll(worlds, (world) => {
      for (const { snapshot } of valuesOf(world)) {
        expect(snapshot.cashValue + snapshot.netExposure).toBe(snapshot.netAssetValue)
        expect(snapshot.netAssetValue).toBe(snapshot.equityBalance)
      }
    })
  })

  test('3: cumulative P&L is unrealized + realized + dividends less the same at recognition', () => {
    forAll(worlds, (world) => {
      const prices = pricesOf(world.market)
      const { record } = world.book
      for (const { snapshot, lots } of valuesOf(world)) {
        let atRecognition = 0n
        for (const { recognition, lotId } of lots) {
          const one = world.book.lots.find(({ id }) => id === lotId)
          const isAtEntry =
            record.kind === 'from_inception' || (one && one.entryDate > record.firstSnapshot)
          if (recognition === null || one === undefined || isAtEntry === true) continue
          const on =
            recognition.date > record.firstSnapshot ? recognition.date : record.firstSnapshot
          const [then] = valuesOn({ ...world.book, lots: [one], flows: [] }, prices, [on])
          atRecognition += gains(then?.snapshot)
        }
        const expected = gains(snapshot) - atRecognition
        expect(distance(snapshot.cumulativePnl, expected)).toBeLessThanOrEqual(BigInt(lots.length))
      }
    })
  })

  test('3: from inception it is their sum', () => {
    forAll(worlds, (world) => {
      const { record } = world.book
      const facts = { ...record, kind: 'from_inception' as const, equityAsOf: record.firstSnapshot }
      for (const { snapshot, lots } of valuesOf({
        ...world,
        book: { ...world.book, record: facts },
      })) {
        expect(distance(snapshot.cumulativePnl, gains(snapshot))).toBeLessThanOrEqual(
          BigInt(lots.length),
        )
      }
    })
  })

  test('the first day of a record that begins with its snapshot gains nothing', () => {
    forAll(worlds, (world) => {
      const { record } = world.book
      if (record.kind === 'from_inception') return
      const [first] = valuesOf(world)
      expect(first?.snapshot).toMatchObject({
        dailyPnl: 0n,
        equityBalance: record.initialEquity,
        dailyReturn: null,
      })
    })
  })

  test('from inception the equity of equity_as_of is what the user typed', () => {
    forAll(worlds, (world) => {
      const { record } = world.book
      if (record.kind !== 'from_inception') return
      const [then] = valuesOn(world.book, pricesOf(world.market), [record.equityAsOf])
      expect(then?.snapshot.equityBalance).toBe(record.initialEquity)
    })
  })
})

describe('4: identical rows', () => {
  test('in any split of runs that remember only what is stored, and once more', () => {
    forAll(fc.tuple(worlds, fc.nat(), fc.nat()), ([world, cut, again]) => {
      const straight = valuesOf(world)
      const prices = pricesOf(world.market)
      const at = cut % world.dates.length
      const before = valuesOn(world.book, prices, world.dates.slice(0, at + 1))
      const rest = valuesOn(withStored(world.book, before), prices, world.dates)
      expect([...before, ...rest.slice(at + 1)]).toEqual(straight)
      const later = valuesOn(withStored(world.book, rest), prices, world.dates)
      expect(later.slice(again % world.dates.length)).toEqual(
        straight.slice(again % world.dates.length),
      )
    })
  })

  test('whatever became known late, once the snapshots it touches are computed again', () => {
    forAll(fc.tuple(worlds, fc.nat(), fc.nat()), ([world, which, choice]) => {
      const late = withheld(world, which, choice)
      if (late === null) return
      const from = firstTouched(world.book.record, late.touches)
      const early = valuesOf(late.world)
      const full = valuesOf(world)
      const kept = early.filter((_, i) => (world.dates[i] as string) < from)
      const fresh = full.filter((_, i) => (world.dates[i] as string) >= from)
      expect([...kept, ...fresh].map(({ snapshot }) => snapshot)).toEqual(
        full.map(({ snapshot }) => snapshot),
      )
    })
  })

  test('in any order of the facts, under any name', () => {
    forAll(worlds, (world) => {
      const lots = world.book.lots.toReversed().map((one) => ({
        ...one,
        symbol: (one.symbol === 'ACME' ? 'ZETA' : one.symbol) as Lot['symbol'],
        events: one.events.toReversed(),
        valuations: one.valuations.toReversed(),
      }))
      const { ACME, ...others } = world.market
      const renamed = {
        ...world,
        market: { ...others, ...(ACME === undefined ? {} : { ZETA: ACME }) },
        book: { ...world.book, lots, flows: world.book.flows.toReversed() },
      }
      const snapshotsOf = (of: World) => valuesOf(of).map(({ snapshot }) => snapshot)
      expect(snapshotsOf(renamed)).toEqual(snapshotsOf(world))
    })
  })
})

describe('5: nothing else moves a dollar', () => {
  const ratios = fc.constantFrom('2', '1.5', '0.125', '0.3333333333', '7', '3')
  const withoutSplits = worlds.map(onWholeSteps)

  test('a split', () => {
    forAll(
      fc.tuple(withoutSplits, ratios, fc.nat({ max: SESSIONS.length - 1 })),
      ([world, ratio, at]) => {
        const split = { date: SESSIONS[at] as SessionDate, ratio }
        const plain = valuesOf(world).map(({ snapshot }) => snapshot)
        const after = valuesOf(restated(world, 'ACME', split)).map(({ snapshot }) => snapshot)
        expect(after).toEqual(plain)
      },
    )
  })

  test('a missing price', () => {
    forAll(fc.tuple(worlds, fc.integer({ min: 1, max: SESSIONS.length - 1 })), ([world, at]) => {
      const [before, day] = [SESSIONS[at - 1] as SessionDate, SESSIONS[at] as SessionDate]
      if (before < world.book.record.firstSnapshot) return
      const [, quiet] = valuesOf(quietDay({ ...world, dates: [before, day] }, before, day))
      expect(quiet?.snapshot.dailyPnl).toBe(0n)
    })
  })

  test('two halves of a lot', () => {
    forAll(worlds, (world) => {
      const halves = world.book.lots.flatMap((one) => [
        scaled(one, 1n, 2n),
        { ...scaled(one, 1n, 2n), id: `${one.id}b` },
      ])
      const whole = world.book.lots.map((one) => scaled(one, 2n, 2n))
      expectSums(valuesOf({ ...world, book: { ...world.book, lots: halves } }), [
        valuesOf({ ...world, book: { ...world.book, lots: whole } }),
      ])
    })
  })

  test('two portfolios merged', () => {
    forAll(worlds, (world) => {
      const { record, lots, flows } = world.book
      const none = { ...record, initialEquity: 0n as Cents }
      const one = { ...world.book, lots: lots.slice(0, 2), flows }
      const two = { record: none, lots: lots.slice(2), flows: [] }
      expectSums(valuesOf(world), [
        valuesOf({ ...world, book: one }),
        valuesOf({ ...world, book: two }),
      ])
    })
  })

  test('all quantities, values and flows times k: all figures times k', () => {
    forAll(fc.tuple(worlds, fc.integer({ min: 2, max: 9 })), ([world, times]) => {
      const k = BigInt(times)
      const { record, lots, flows } = world.book
      const larger = {
        record: { ...record, initialEquity: (record.initialEquity * k) as Cents },
        lots: lots.map((one) => scaled(one, k, 1n)),
        flows: flows.map((flow) => ({ ...flow, amount: (flow.amount * k) as Cents })),
      }
      const plain = valuesOf(world)
      valuesOf({ ...world, book: larger }).forEach(({ snapshot }, i) => {
        const small = money(plain[i]?.snapshot)
        money(snapshot).forEach((figure, j) => {
          expect(distance(figure, (small[j] as bigint) * k)).toBeLessThanOrEqual(k)
        })
      })
    })
  })
})

function mirror(snapshot: BookValue['snapshot'] | undefined) {
  return (
    snapshot && {
      equity: snapshot.equityBalance,
      total: snapshot.cumulativePnl,
      flow: snapshot.cumulativeCapitalFlow,
      unrealized: snapshot.unrealizedPnl,
      realized: snapshot.cumulativeRealizedPnl,
      dividends: snapshot.cumulativeDividends,
      long: snapshot.longValue,
      short: snapshot.shortValue,
      gross: snapshot.grossExposure,
      net: snapshot.netExposure,
      positions: snapshot.numPositions,
      stale: snapshot.positionsStale,
      missing: snapshot.positionsMissing,
    }
  )
}

function gains(snapshot: BookValue['snapshot'] | undefined): bigint {
  if (snapshot === undefined) throw new Error('no snapshot')
  return snapshot.unrealizedPnl + snapshot.cumulativeRealizedPnl + snapshot.cumulativeDividends
}

/** The figures that add up over portfolios. */
function money(snapshot: BookValue['snapshot'] | undefined): readonly bigint[] {
  if (snapshot === undefined) throw new Error('no snapshot')
  const { equityBalance, longValue, shortValue, grossExposure, netExposure } = snapshot
  const { cumulativePnl, unrealizedPnl, cumulativeRealizedPnl, cumulativeDividends } = snapshot
  return [
    ...[equityBalance, longValue, shortValue, grossExposure, netExposure],
    ...[cumulativePnl, unrealizedPnl, cumulativeRealizedPnl, cumulativeDividends],
  ]
}

function expectSums(whole: readonly BookValue[], parts: readonly (readonly BookValue[])[]) {
  whole.forEach(({ snapshot }, i) => {
    const each = parts.map((values) => money(values[i]?.snapshot))
    money(snapshot).forEach((figure, j) => {
      const sum = each.reduce((total, figures) => total + (figures[j] as bigint), 0n)
      expect(distance(figure, sum)).toBeLessThanOrEqual(BigInt(parts.length))
    })
  })
}

/** A lot with all quantities and values times k ÷ parts (k first rounded to whole parts of a step). */
function scaled(one: Lot, k: bigint, parts: bigint): Lot {
  const scale = (value: bigint) => ((value - (value % parts)) / parts) * k
  return {
    ...one,
    quantity: scale(one.quantity) as Micros,
    enteredValue: one.enteredValue === null ? null : (scale(one.enteredValue) as Cents),
    events: one.events
      .map((event) => ({ ...event, quantityClosed: scale(event.quantityClosed) as Micros }))
      .filter(({ quantityClosed }) => quantityClosed > 0n),
    valuations: one.valuations.map((valuation) => ({
      ...valuation,
      marketValue: scale(valuation.marketValue) as Cents,
    })),
  }
}
