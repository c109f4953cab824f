import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { addDays, parseIsoDate } from '../../src/calendar/index.ts'
import { formatOcc, isOptionTicker, parseOcc, type OptionContract } from '../../src/symbols/occ.ts'
import { InvalidTickerError, parseTicker } from '../../src/symbols/parse-ticker.ts'

const appleCall: OptionContract = {
  root: 'AAPL',
  expiration: parseIsoDate('2024-01-19'),
  right: 'C',
  strike: '150',
}

describe('reading option symbols', () => {
  test('gives root, expiration, right and strike', () => {
    expect(parseOcc(parseTicker('AAPL240119C00150000'))).toEqual(appleCall)
  })

  test.each([
    ['F250620P00012500', 'F', '12.5'],
    ['SPXW251231P05000005', 'SPXW', '5000.005'],
    ['NVDA1250620C00000500', 'NVDA1', '0.5'],
    ['2SPX251219C99999999', '2SPX', '99999.999'],
    ['GOOGL7260116C00100010', 'GOOGL7', '100.01'],
  ])('%s: root %s, strike %s', (symbol, root, strike) => {
    expect(parseOcc(parseTicker(symbol))).toMatchObject({ root, strike })
  })

  test.each([
    ['a share', 'AAPL'],
    ['a share with a class', 'BRK.B'],
    ['month 13', 'AAPL241319C00150000'],
    ['30 February', 'AAPL240230C00150000'],
    ['29 February of a common year', 'AAPL250229C00150000'],
    ['neither call nor put', 'AAPL240119X00150000'],
    ['a strike of seven digits', 'AAPL240119C0015000'],
    ['no root', '240119C00150000'],
    ['a root of seven', 'ABCDEFG240119C00150000'],
    ['a root with a point', 'BRK.B240119C00150000'],
    ["a provider's prefix", '^AAPL240119C00150000'],
    ['something after it', 'AAPL240119C00150000.X'],
  ])('%s is none', (_, text) => {
    expect(parseOcc(parseTicker(text))).toBeNull()
    expect(isOptionTicker(parseTicker(text))).toBe(false)
  })

  test('tells options from the rest', () => {
    expect(isOptionTicker(parseTicker('AAPL240119C00150000'))).toBe(true)
  })
})

describe('writing option symbols', () => {
  test('gives the symbol that reads as the contract', () => {
    expect(formatOcc(appleCall)).toBe('AAPL240119C00150000')
    expect(formatOcc({ ...appleCall, right: 'P', strike: '12.5' })).toBe('AAPL240119P00012500')
    expect(formatOcc({ ...appleCall, strike: '150.000000' })).toBe('AAPL240119C00150000')
  })

  test('is the inverse of reading, for any contract', () => {
    const contract = fc.record({
      root: fc.stringMatching(/^[A-Z0-9]{1,6}$/),
      expiration: fc
        .integer({ min: 0, max: 36_500 })
        .map((days) => addDays(parseIsoDate('2000-01-01'), days)),
      right: fc.constantFrom('C' as const, 'P' as const),
      strike: fc.integer({ min: 1, max: 99_999_999 }).map((mills) => String(mills / 1000)),
    })
    fc.assert(
      fc.property(contract, (wanted) => {
        expect(parseOcc(formatOcc(wanted))).toEqual(wanted)
      }),
    )
  })

  test.each([
    ['a strike finer than a mill', { strike: '37.5005' }],
    ['a strike of six digits', { strike: '100000' }],
    ['a negative strike', { strike: '-5' }],
    ['an exponent', { strike: '1e3' }],
    ['no strike', { strike: '' }],
    ['a root with a point', { root: 'BRK.B' }],
    ['no root', { root: '' }],
    ['another century', { expiration: parseIsoDate('1999-01-15') }],
  ])('refuses %s', (_, change) => {
    expect(() => formatOcc({ ...appleCall, ...change })).toThrow(InvalidTickerError)
  })
})
