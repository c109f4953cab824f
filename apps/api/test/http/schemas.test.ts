import { describe, expect, test } from '@jest/globals'
import fc from '../../../../packages/core/test/harness/fast-check.ts'
import { decimal, isoDate, queryInteger, text } from '../../src/http/schemas.ts'

describe('an exact decimal', () => {
  const money = decimal({ min: -1e12, max: 1e12, places: 2 })

  test.each([
    [0.1, '0.1'],
    [-5, '-5'],
    [1e-2, '0.01'],
    [1e12, '1000000000000'],
    ['12345678901.12', '12345678901.12'],
    [' 7 ', '7'],
  ])('%j is %s', (given, value) => {
    expect(money.parse(given)).toBe(value)
  })

  test.each([0.001, 1e-7, 1e13, NaN, Infinity, '1,5', '1e3', '', '0x10', '--1', '1.', null, true])(
    '%j is refused',
    (given) => {
      expect(money.safeParse(given).success).toBe(false)
    },
  )

  test('of any number of cents is that number of cents', () => {
    const cents = fc.integer({ min: -(10 ** 12), max: 10 ** 12 })
    fc.assert(
      fc.property(cents, (n) => {
        expect(Math.round(Number(money.parse(n / 100)) * 100)).toBe(n + 0)
      }),
    )
  })
})

test.each(['2025-02-29', '2025-13-01', '25-01-01', '2025-1-1', '2025-01-01T00:00Z', ''])(
  '%j is no day',
  (given) => {
    expect(isoDate.safeParse(given).success).toBe(false)
  },
)

test('a whole number in a query is within its bounds', () => {
  const days = queryInteger(1, 365)
  expect(days.parse('30')).toBe(30)
  for (const bad of ['0', '366', '1.5', '', ' 1', '1e2', '9'.repeat(30)]) {
    expect(days.safeParse(bad).success).toBe(false)
  }
})

test('text loses the blanks around it, and has no character that cannot be stored', () => {
  expect(text(5).parse('  a b  ')).toBe('a b')
  for (const bad of ['', '   ', 'a\u0000', '\ud800', 'abcdef', 5]) {
    expect(text(5).safeParse(bad).success).toBe(false)
  }
})
