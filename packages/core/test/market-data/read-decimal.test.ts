import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { readDecimal } from '../../src/market-data/providers/file/read-decimal.ts'

const read = (text: string, places = 6): number => readDecimal(text, 0, text.length, places)

describe('reading a decimal', () => {
  test.each([
    ['12', 12],
    ['12.50', 12.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-3.25', -3.25],
    ['007', 7],
    ['1.0000005', 1.000001],
    ['1.00000049', 1],
    ['0.0000004', 0],
    ['-0.0000005', -0.000001],
    ['123456789012345.5', 123456789012345.5],
    ['99999999999999999999', 1e20],
  ])('%s is %d', (text, value) => {
    expect(read(text)).toBe(value)
  })

  test.each([
    '',
    '-',
    '.',
    '-.',
    '+1',
    '1e5',
    '1,5',
    '$5',
    '1 2',
    '1.2.3',
    '0x10',
    'NaN',
    'Infinity',
    '١',
  ])('%j is not a plain decimal', (text) => {
    expect(read(text)).toBeNaN()
  })

  test('reads only its span of the text', () => {
    expect(readDecimal('1,23.5,4', 2, 6, 6)).toBe(23.5)
  })

  test('is the double nearest to the decimal rounded half away from zero', () => {
    const digits = fc.bigInt({ min: 0n, max: 999_999_999_999_999n })
    fc.assert(
      fc.property(digits, fc.nat({ max: 12 }), fc.nat({ max: 10 }), (number, decimals, places) => {
        const padded = number.toString().padStart(decimals + 1, '0')
        const cut = padded.length - decimals
        const text = `${padded.slice(0, cut)}.${padded.slice(cut)}`
        const scaled = number * 10n ** BigInt(places)
        const unit = 10n ** BigInt(decimals)
        const rounded = (2n * scaled + unit) / (2n * unit)
        const places10 = rounded.toString().padStart(places + 1, '0')
        const at = places10.length - places
        fc.pre(rounded < BigInt(Number.MAX_SAFE_INTEGER))
        expect(read(text, places)).toBe(Number(`${places10.slice(0, at)}.${places10.slice(at)}`))
      }),
      { numRuns: 2000 },
    )
  })
})
