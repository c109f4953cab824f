import { describe, expect, test } from '@jest/globals'
import { assumedAssetType } from '../../src/symbols/asset-type.ts'
import { InvalidTickerError, parseTicker } from '../../src/symbols/parse-ticker.ts'

describe('symbols', () => {
  test('an error names the text as it was given', () => {
    expect(() => parseTicker(' a b ')).toThrow('" a b " is not a symbol')
  })

  test.each(['A', '0700.HK', 'BRK-B', 'EURUSD=X', '^GSPC', 'AAPL240119C00150000', 'A'.repeat(32)])(
    'takes %s',
    (text) => {
      expect(parseTicker(text.toLowerCase())).toBe(text)
    },
  )

  test('are stored in upper case without spaces around them', () => {
    expect(parseTicker(' brk.b ')).toBe('BRK.B')
    expect(parseTicker('^gspc')).toBe('^GSPC')
  })

  test.each([
    '',
    ' ',
    'A B',
    'A,B',
    '=SUM',
    '@X',
    'A'.repeat(33),
    'A\nB',
    'É',
    'ß',
    'ſpy',
    '.A',
    '-A',
  ])('refuses %p', (text) => {
    expect(() => parseTicker(text)).toThrow(InvalidTickerError)
  })
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
