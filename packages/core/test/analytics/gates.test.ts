import { describe, expect, test } from '@jest/globals'
import { hasEnoughMarks, noHoldingsReason } from '../../src/analytics/index.ts'
import { symbolDollars } from '../../src/exposures/symbol-dollars.ts'
import { option, privateLot, shares } from '../exposures/exposure-world.ts'

const lots = (count: number, missing: number) =>
  Array.from({ length: count }, (_, i) =>
    shares(`S${i}`, '1000', { priceStatus: i < missing ? 'missing' : 'current' }),
  )

describe('marks suffice for analytics', () => {
  test.each([
    { count: 100, missing: 5, expected: true },
    { count: 100, missing: 6, expected: false },
    { count: 20, missing: 1, expected: true },
    { count: 19, missing: 1, expected: false },
    { count: 0, missing: 0, expected: true },
  ])('$missing of $count lots without a mark: $expected', ({ count, missing, expected }) => {
    expect(hasEnoughMarks(lots(count, missing), 0.05)).toBe(expected)
  })

  test('PRIVATE lots do not dilute the share, stale ones do not add to it', () => {
    const privateLots = Array.from({ length: 100 }, () => privateLot('1000'))
    expect(hasEnoughMarks([...lots(10, 1), ...privateLots], 0.05)).toBe(false)
    expect(hasEnoughMarks([shares('A', '1', { priceStatus: 'stale' })], 0.05)).toBe(true)
  })
})

describe('a book without holdings says why', () => {
  test.each([
    { reason: 'no_active_positions', held: [] },
    { reason: 'no_public_positions', held: [privateLot('1')] },
    { reason: 'no_price_data', held: [shares('A', '1', { priceStatus: 'missing' })] },
    { reason: 'no_greeks', held: [option('AAPL', '1', null)] },
    { reason: null, held: [shares('A', '1'), option('AAPL', '1', null)] },
  ])('$reason', ({ reason, held }) => {
    expect(noHoldingsReason(symbolDollars(held), held.length)).toBe(reason)
  })
})
