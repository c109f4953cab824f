import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import {
  centsOf,
  formatCents,
  formatMicros,
  microsOf,
  parseCents,
  parseMicros,
  roundedQuotient,
  type Cents,
} from '../../src/pnl/exact/amounts.ts'
import { ExactSum } from '../../src/pnl/exact/exact-sum.ts'
import {
  dividedBy,
  fraction,
  minus,
  ONE,
  plus,
  times,
  whole,
  ZERO,
} from '../../src/pnl/exact/fraction.ts'

const fractions = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 5000n }))
  .chain(([n, d]) => fc.constantFrom(fraction(n, d), whole(n), ZERO, ONE))

/** a = b as quotients of whole numbers, without any of the arithmetic under test. */
const isSame = (a: { n: bigint; d: bigint }, n: bigint, d: bigint) =>
  a.d > 0n && a.n * d === n * a.d

describe('fractions', () => {
  test('add, subtract, multiply and divide as school teaches', () => {
    fc.assert(
      fc.property(fractions, fractions, (a, b) => {
        expect(isSame(plus(a, b), a.n * b.d + b.n * a.d, a.d * b.d)).toBe(true)
        expect(isSame(minus(a, b), a.n * b.d - b.n * a.d, a.d * b.d)).toBe(true)
        expect(isSame(times(a, b), a.n * b.n, a.d * b.d)).toBe(true)
        if (b.n !== 0n) {
          const sign = b.n < 0n ? -1n : 1n
          expect(isSame(dividedBy(a, b), sign * a.n * b.d, sign * a.d * b.n)).toBe(true)
        }
      }),
    )
  })

  test('are in lowest terms, so that what is whole again is known as whole', () => {
    expect(fraction(-6n, -4n)).toEqual({ n: 3n, d: 2n })
    expect(times(fraction(100n, 3n), whole(3n))).toEqual({ n: 100n, d: 1n })
    expect(() => fraction(1n, 0n)).toThrow(RangeError)
  })

  test('add up in any order to the same sum, whatever their denominators', () => {
    fc.assert(
      fc.property(fc.array(fractions, { maxLength: 20 }), (terms) => {
        const sum = new ExactSum()
        for (const term of terms) sum.add(term)
        const backwards = new ExactSum()
        for (const term of terms.toReversed()) backwards.add(term)
        expect(sum.total()).toEqual(terms.reduce(plus, ZERO))
        expect(backwards.total()).toEqual(sum.total())
      }),
    )
  })
})

describe('rounding', () => {
  test.each([
    [5n, 10n, 1n],
    [-5n, 10n, -1n],
    [4n, 10n, 0n],
    [-4n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 3n],
    [-25n, 10n, -3n],
    [0n, 7n, 0n],
  ])('%i ÷ %i is %i, half away from zero', (n, d, rounded) => {
    expect(roundedQuotient(n, d)).toBe(rounded)
  })

  test('takes trillionths of a dollar to cents, and a third of a share to millionths', () => {
    expect(centsOf(whole(5_000_000_000n))).toBe(1n)
    expect(centsOf(whole(4_999_999_999n))).toBe(0n)
    expect(centsOf(fraction(10n ** 12n, 3n))).toBe(33n)
    expect(microsOf(fraction(2_000_000n, 3n))).toBe(666_667n)
  })
})

describe('decimals', () => {
  test('are read and written without loss', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (value) => {
        expect(parseCents(formatCents(value as Cents))).toBe(value)
        expect(parseMicros(formatMicros(value as never))).toBe(value)
      }),
    )
  })

  test.each([
    ['12', 1200n],
    ['-0.5', -50n],
    ['+3.10', 310n],
    ['0.1000', 10n],
  ])('%s is read as %i cents', (text, cents) => {
    expect(parseCents(text)).toBe(cents)
  })

  test.each(['', '1.005', '1e3', '1,000', 'NaN', '.5', '1.'])('%j is refused', (text) => {
    expect(() => parseCents(text)).toThrow(RangeError)
  })

  test('below one keep their zero and their sign', () => {
    expect(formatCents(-5n as Cents)).toBe('-0.05')
    expect(formatCents(0n as Cents)).toBe('0.00')
  })
})
