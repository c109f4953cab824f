import { expect, test } from '@jest/globals'
import {
  newYorkDate,
  newYorkMidnight,
  newYorkOffset,
  newYorkZoneName,
} from '../src/market/new-york.ts'
import { splitTerms } from '../src/market/split-terms.ts'

test.each([
  ['2026-01-15', '2026-01-15T05:00:00Z'],
  ['2026-03-08', '2026-03-08T05:00:00Z'],
  ['2026-03-09', '2026-03-09T04:00:00Z'],
  ['2026-11-01', '2026-11-01T04:00:00Z'],
  ['2026-11-02', '2026-11-02T05:00:00Z'],
])('%s begins in New York at %s, also when clocks change that day', (date, instant) => {
  expect(newYorkMidnight(date)).toBe(Date.parse(instant))
  expect(newYorkDate(Date.parse(instant))).toBe(date)
  expect(newYorkDate(Date.parse(instant) - 1)).not.toBe(date)
})

test('New York has a name and an offset for each half of the year', () => {
  const winter = Date.parse('2026-01-15T12:00:00Z')
  const summer = Date.parse('2026-07-15T12:00:00Z')
  expect([newYorkZoneName(winter), newYorkOffset(winter)]).toEqual(['EST', -18_000_000])
  expect([newYorkZoneName(summer), newYorkOffset(summer)]).toEqual(['EDT', -14_400_000])
})

test.each([
  [7, '7:1'],
  [0.125, '1:8'],
  [1.5, '3:2'],
  [0.333333, '1:3'],
  [0.001, '1:1000'],
  [0.010101, '1:99'],
  [1.05, '21:20'],
])('a ratio of %s is a split of %s', (ratio, terms) => {
  const { numerator, denominator } = splitTerms(ratio)
  expect(`${numerator}:${denominator}`).toBe(terms)
})
