import { describe, expect, test } from '@jest/globals'
import { drawdowns } from '../browser/charts/drawdown.ts'
import {
  money,
  number,
  percent,
  price,
  quantity,
  shortMoney,
  signedMoney,
  signedPercent,
} from '../browser/format/numbers.ts'
import { duration, longDate, shortDate } from '../browser/format/times.ts'
import { reasonWords, sentence } from '../browser/format/words.ts'
import { fileLines } from '../browser/upload/file-lines.ts'
import { plainAmount } from '../browser/upload/plain-amount.ts'

describe('figures', () => {
  test('have separators between thousands and a true minus sign', () => {
    expect(money(-1_234_567.5)).toBe('−$1,234,567.50')
    expect(signedMoney(1_234.5)).toBe('+$1,234.50')
    expect(number(10_000)).toBe('10,000')
    expect(shortMoney(-1_250_000)).toBe('−$1.25M')
    expect(quantity(-0.125)).toBe('−0.125')
  })

  test('that are zero have no sign, nor have those that are rounded to it', () => {
    expect(signedMoney(0)).toBe('$0.00')
    expect(money(-0.004)).toBe('$0.00')
    expect(signedPercent(-0.00001)).toBe('0.00\u202f%')
  })

  test('that there are not are never zero', () => {
    expect([money(null), signedMoney(null), percent(null), number(null), price(null)]).toEqual(
      Array(5).fill('–'),
    )
  })

  test('of shares below a dollar keep what they have', () => {
    expect([price(0.001234), price(0.5), price(158)]).toEqual(['0.001234', '0.50', '158.00'])
  })
})

describe('times', () => {
  const now = new Date('2026-03-01T12:00:00Z')

  test('a session says its weekday, and its year when it is not this one', () => {
    expect(longDate('2026-01-09', now)).toBe('Friday 9 January')
    expect(longDate('2025-01-10', now)).toBe('Friday 10 January 2025')
    expect(shortDate('2025-12-31', now)).toBe('31 Dec 2025')
  })

  test.each([
    [0.21, '0.2 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [250, '4 min 10 s'],
    [7_500, '2 h 05 min'],
  ])('%p seconds are %p', (seconds, words) => {
    expect(duration(seconds)).toBe(words)
  })
})

test('a reason that has no words yet is still readable', () => {
  expect(reasonWords('no_such_reason')).toBe('no such reason')
  expect(reasonWords(undefined)).toBe('the reason is not recorded')
  expect(sentence('company_profiles')).toBe('Company profiles')
})

test('lines of a file are counted as an editor counts them', () => {
  expect(fileLines('\uFEFFa,b\r\n1,2\n3,4\r5,6')).toEqual(['a,b', '1,2', '3,4', '5,6'])
})

test.each([
  ['1,234,567.89', '1234567.89'],
  [' $10,000 ', '10000'],
  ['250000', '250000'],
  // What may be meant otherwise is left for the server to refuse.
  ['1.234,56', '1.234,56'],
  ['1,23', '1,23'],
  ['-5,000', '-5,000'],
])('an amount typed as %p is sent as %p', (typed, sent) => {
  expect(plainAmount(typed)).toBe(sent)
})

test('a drawdown is measured from the best day so far, and a day without a return changes nothing', () => {
  const returns = [null, 0.2, -0.25, null, 0.1]
  const below = drawdowns(returns.map((daily_return) => ({ daily_return })))
  expect(below.map((value) => Number(value.toFixed(6)))).toEqual([0, 0, -0.25, -0.25, -0.175])
})
