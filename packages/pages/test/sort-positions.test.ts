import { expect, test } from '@jest/globals'
import type { Position } from '../browser/api/contracts.ts'
import { sortPositions } from '../browser/portfolio/sort-positions.ts'

function lot(symbol: string, changes: Partial<Position>): Position {
  return {
    id: symbol,
    symbol,
    company_name: null,
    position_type: 'LONG',
    investment_class: 'PUBLIC',
    open_quantity: 1,
    entry_price: 1,
    entry_date: '2025-01-02',
    last_price: 1,
    last_price_date: '2025-01-02',
    price_status: 'current',
    market_value: 1,
    unrealized_pnl: 0,
    dataStatus: 'available',
    error: null,
    ...changes,
  }
}

const LOTS = [
  lot('A', { market_value: 100, unrealized_pnl: -5 }),
  lot('B', { market_value: -300, unrealized_pnl: 7 }),
  lot('C', { market_value: null, unrealized_pnl: null, dataStatus: 'unavailable' }),
  lot('D', { market_value: 200, unrealized_pnl: 0, dataStatus: 'pending' }),
]
const symbols = (...order: Parameters<typeof sortPositions>) =>
  sortPositions(...order)
    .map(({ symbol }) => symbol)
    .join('')

test('values are sorted by size, so that a large short stands among the large ones', () => {
  expect(symbols(LOTS, { column: 'value', isDescending: true })).toBe('BDAC')
})

test('what has no figure comes last whichever way it is sorted', () => {
  expect(symbols(LOTS, { column: 'pnl', isDescending: true })).toBe('BDAC')
  expect(symbols(LOTS, { column: 'pnl', isDescending: false })).toBe('ADBC')
})

test('sorted by data, what needs a look comes first', () => {
  expect(symbols(LOTS, { column: 'status', isDescending: true })).toBe('CDAB')
})
