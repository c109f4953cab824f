import { describe, expect, test } from '@jest/globals'
import { assumedAssetType } from '../../src/symbols/asset-type.ts'
import { parseOcc } from '../../src/symbols/occ.ts'
import { InvalidTickerError, parseTicker } from '../../src/symbols/parse-ticker.ts'

describe('symbols', () => {
  test('are stored in upper case without spaces around them', () => {
    expect(parseTicker(' brk.b ')).toBe('BRK.B')
    expect(parseTicker('^gspc')).toBe('^GSPC')
  })

  test.each(['', ' ', 'A B', 'A,B', '=SUM', '@X', 'A'.repeat(33), 'A\nB', 'É'])('refuses %p', (text) => {
    expect(() => parseTicker(text)).toThrow(InvalidTickerError)
  })
})

describe('option symbols', () => {
  test('say root, expiration, right and strike', () => {
    expect(parseOcc(parseTicker('AAPL240119C00150000'))).toEqual({
      root: 'AAPL',
      expiration: '2024-01-19',
      right: 'C',
      strike: '150',
    })
    expect(parseOcc(parseTicker('F250620P00012500'))?.strike).toBe('12.5')
    expect(parseOcc(parseTicker('SPXW251231P05000005'))?.strike).toBe('5000.005')
  })

  test.each(['AAPL', 'AAPL241319C00150000', 'AAPL240230C00150000', 'AAPL240119X00150000', 'AAPL240119C0015000'])(
    '%s is none',
    (text) => {
      expect(parseOcc(parseTicker(text))).toBeNull()
    },
  )
})

describe('the kind a symbol is taken for', () => {
  test.each([
    ['AAPL240119C00150000', false, 'option'],
    ['^GSPC', true, 'index'],
    ['SPY', true, 'etf'],
    ['AAPL', false, 'equity'],
  ])('%s, proxy %s: %s', (text, isProxy, expected) => {
    expect(assumedAssetType(parseTicker(text), isProxy)).toBe(expected)
  })
})
