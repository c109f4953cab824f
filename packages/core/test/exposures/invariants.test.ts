import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import type { ExposureBook, ExposureLot } from '../../src/exposures/exposure-book.ts'
import { portfolioExposures, type FactorBetas } from '../../src/exposures/portfolio-exposures.ts'
import { betas, book, cents, option, privateLot, shares, type Fits } from './exposure-world.ts'

const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE']
const FACTORS = ['market', 'value', 'provider']

const amount = fc.integer({ min: -5_000_000_00, max: 5_000_000_00 }).filter((value) => value !== 0)
const status = fc.constantFrom('current', 'current', 'current', 'stale', 'missing') as fc.Arbitrary<
  ExposureLot['priceStatus']
>
const symbol = fc.constantFrom(...SYMBOLS)

const publicLot = fc
  .tuple(symbol, amount, status)
  .map(([name, value, priceStatus]) =>
    shares(name, '1', { marketValue: cents(value), priceStatus }),
  )
const optionLot = fc
  .tuple(symbol, amount, fc.option(amount, { freq: 3 }))
  .map(([name, value, delta]) => ({
    ...option(name, '1', delta === null ? null : delta / 100),
    marketValue: cents(value),
  }))
const ownedLot = amount.map((value) => ({ ...privateLot('1'), marketValue: cents(value) }))

const lots = fc.array(
  fc.oneof({ weight: 6, arbitrary: publicLot }, { weight: 2, arbitrary: optionLot }, ownedLot),
  { maxLength: 12 },
)
const equity = fc.integer({ min: 1_000_00, max: 10_000_000_00 }).map(cents)
const books = fc.record({ lots, equity }) satisfies fc.Arbitrary<ExposureBook>

const fit = fc.tuple(
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.double({ min: 0, max: 2, noNaN: true }),
)
const fits: fc.Arbitrary<Fits> = fc
  .array(fc.tuple(fc.option(fit, { freq: 5 }), fc.option(fit, { freq: 5 }), fit), {
    minLength: SYMBOLS.length,
    maxLength: SYMBOLS.length,
  })
  .map((rows) =>
    Object.fromEntries(
      rows.map(([market, value, [provider]], i) => [
        SYMBOLS[i] ?? '',
        { market, value, provider: [provider] },
      ]),
    ),
  )
const known: fc.Arbitrary<FactorBetas> = fits.map((of) => betas(FACTORS, of))

const RUNS = { numRuns: 300 }

/** Every figure of the book, by factor. */
const rowsOf = (of: ExposureBook, with_: FactorBetas) =>
  new Map(portfolioExposures(of, with_).rows.map((row) => [row.factorId, row]))

/** Splits each lot into a first part of so many percent and the rest. */
function splitLots(of: ExposureBook, percents: readonly number[]): ExposureBook {
  return {
    ...of,
    lots: of.lots.flatMap((lot, i) => {
      const percent = percents[i] ?? 50
      const first = cents(Math.trunc((Number(lot.marketValue) * percent) / 100))
      const { deltaDollars } = lot
      const part = deltaDollars === null ? null : (deltaDollars * percent) / 100
      const rest = part === null || deltaDollars === null ? null : deltaDollars - part
      return [
        { ...lot, marketValue: first, deltaDollars: part },
        { ...lot, marketValue: cents(Number(lot.marketValue) - Number(first)), deltaDollars: rest },
      ]
    }),
  }
}

/** Whether two statistics agree to within rounding of doubles at the size of what was added up. */
function expectSame(
  a: number | null | undefined,
  b: number | null | undefined,
  scale: number,
): void {
  if (a === null || a === undefined || b === null || b === undefined) expect(a).toBe(b)
  else expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-13 * scale)
}

/** What exposures are made of, per dollar of equity: an upper bound of every sum along the way. */
const sizeOf = ({ lots: of, equity: total }: ExposureBook): number =>
  of.reduce(
    (sum, lot) => sum + Math.abs(Number(lot.marketValue)) + Math.abs((lot.deltaDollars ?? 0) * 100),
    0,
  ) *
    (5 / Number(total)) +
  1

describe('exposures of random books', () => {
  test('splitting lots changes nothing: exactly so for shares', () => {
    const sharesOnly = fc.record({ lots: fc.array(fc.oneof(publicLot, ownedLot)), equity })
    fc.assert(
      fc.property(
        sharesOnly,
        known,
        fc.array(fc.integer({ min: 0, max: 100 })),
        (of, with_, at) => {
          expect(portfolioExposures(splitLots(of, at), with_).rows).toEqual(
            portfolioExposures(of, with_).rows,
          )
        },
      ),
      RUNS,
    )
  })

  test('splitting lots changes nothing: for options to the rounding of a double', () => {
    fc.assert(
      fc.property(books, known, fc.array(fc.integer({ min: 0, max: 100 })), (of, with_, at) => {
        const whole = rowsOf(of, with_)
        const parts = rowsOf(splitLots(of, at), with_)
        expect([...parts.keys()]).toEqual([...whole.keys()])
        for (const [factor, row] of whole) {
          const other = parts.get(factor)
          expectSame(other?.exposureValue, row.exposureValue, sizeOf(of))
          expectSame(other?.coveragePct, row.coveragePct, 100)
          // A hedge that cancels exactly may leave a speck when split, whose error may be missing.
          const errors = [other?.stdError ?? null, row.stdError]
          if (!errors.includes(null)) expectSame(...(errors as [number, number]), sizeOf(of))
        }
      }),
      RUNS,
    )
  })

  test('the order of lots changes nothing at all', () => {
    const shuffled = books.chain((of) =>
      fc
        .shuffledSubarray([...of.lots], { minLength: of.lots.length })
        .map((order) => [of, { ...of, lots: order }] as const),
    )
    fc.assert(
      fc.property(shuffled, known, ([of, reordered], with_) => {
        expect(portfolioExposures(reordered, with_)).toEqual(portfolioExposures(of, with_))
      }),
      RUNS,
    )
  })

  test('two portfolios merged have the sum of their dollars, to a cent', () => {
    fc.assert(
      fc.property(books, books, known, (one, two, with_) => {
        const [a, b] = [rowsOf(one, with_), rowsOf(two, with_)]
        const merged = rowsOf(
          { lots: [...one.lots, ...two.lots], equity: cents(Number(one.equity + two.equity)) },
          with_,
        )
        expect(new Set(merged.keys())).toEqual(new Set([...a.keys(), ...b.keys()]))
        for (const [factor, { exposureDollar }] of merged) {
          const parts = [a, b].map((rows) => rows.get(factor)?.exposureDollar ?? 0n)
          const sum = parts.reduce<bigint>((total, part) => total + part, 0n)
          expect(Math.abs(Number(exposureDollar - sum))).toBeLessThanOrEqual(1)
        }
      }),
      RUNS,
    )
  })

  test('turning longs into shorts turns the signs of exposures and leaves the rest', () => {
    fc.assert(
      fc.property(books, known, (of, with_) => {
        const turned = of.lots.map((lot) => ({
          ...lot,
          marketValue: cents(-Number(lot.marketValue)),
          deltaDollars: lot.deltaDollars === null ? null : -lot.deltaDollars,
        }))
        const there = rowsOf({ ...of, lots: turned }, with_)
        for (const [factor, row] of rowsOf(of, with_)) {
          const other = there.get(factor)
          expect(other?.exposureDollar).toBe(cents(-Number(row.exposureDollar)))
          expect(other?.coveragePct).toBe(row.coveragePct)
          expectSame(other?.stdError, row.stdError, sizeOf(of))
        }
      }),
      RUNS,
    )
  })

  test('coverage lies between 0 and 100, errors are not negative, and rows and a reason exclude each other', () => {
    fc.assert(
      fc.property(books, known, (of, with_) => {
        const { rows, reason } = portfolioExposures(of, with_)
        expect(reason === null).toBe(rows.length > 0)
        for (const { coveragePct, stdError } of rows) {
          expect(coveragePct).toBeGreaterThanOrEqual(0)
          expect(coveragePct).toBeLessThanOrEqual(100)
          if (stdError !== null) expect(stdError).toBeGreaterThanOrEqual(0)
        }
      }),
      RUNS,
    )
  })

  test('of a single symbol is its beta times leverage, and its error likewise', () => {
    fc.assert(
      fc.property(fit, amount, equity, ([beta, stdError], value, total) => {
        const of = { lots: [shares('AAA', '1', { marketValue: cents(value) })], equity: total }
        const row = rowsOf(of, betas(['market'], { AAA: { market: [beta, stdError] } })).get(
          'market',
        )
        const leverage = value / Number(total)
        expectSame(row?.exposureValue, leverage * beta, sizeOf(of))
        expectSame(row?.stdError, Math.abs(leverage) * stdError, sizeOf(of))
        expect(row?.coveragePct).toBe(100)
      }),
      RUNS,
    )
  })

  test('a book without lots is no error', () => {
    expect(portfolioExposures(book('1'), betas(FACTORS, {})).reason).toBe('no_active_positions')
  })
})
