import { describe, expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import { firstTouched } from '../../src/pnl/index.ts'
import { flows, lot, lotOn, market, recordFrom, recordFromInception, snapshots } from './world.ts'

const prices = market({
  ACME: {
    closes: { '2024-01-02': 50, '2024-01-03': 52, '2024-01-04': 51, '2024-01-05': 55 },
    dividends: { '2024-01-04': '1' },
  },
})
const dates = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05']
const record = recordFromInception('2024-01-02', '2024-01-04', '10000')
const facts = {
  record,
  lots: [
    lot({ quantity: '100', entry: '48', on: '2024-01-02', closed: [['2024-01-03', '40', '53']] }),
  ],
  flows: flows({ '2024-01-03': '1000', '2024-01-05': '500' }),
}

describe('a record from inception', () => {
  test('recognises every lot at its entry price on its entry date', () => {
    const [held] = facts.lots
    expect(held && lotOn(held, prices, { record, date: '2024-01-02' }).recognition).toEqual([
      '2024-01-02',
      '48.000000',
    ])
  })

  test('has on equity_as_of the equity that the user typed, and earlier what follows from it', () => {
    // T: 200, then 60·4 + 40·5 = 440, then 60·3 + 200 + 60 = 440, then 680. C: 0, 1000, 1000, 1500.
    expect(snapshots(facts, prices, dates)).toMatchObject([
      { equityBalance: '8760.00', cumulativePnl: '200.00', dailyPnl: '200.00' },
      {
        equityBalance: '10000.00',
        cumulativePnl: '440.00',
        dailyPnl: '240.00',
        dailyCapitalFlow: '1000.00',
      },
      { equityBalance: '10000.00', cumulativePnl: '440.00', dailyDividends: '60.00' },
      { equityBalance: '10740.00', cumulativePnl: '680.00', dailyPnl: '240.00' },
    ])
  })

  test('has cumulative P&L = unrealized + realized + dividends', () => {
    expect(snapshots(facts, prices, dates).at(-1)).toMatchObject({
      unrealizedPnl: '420.00',
      cumulativeRealizedPnl: '200.00',
      cumulativeDividends: '60.00',
      cumulativePnl: '680.00',
    })
  })
})

describe('a changed fact touches', () => {
  const on = (date: string) => date as IsoDate

  test('the snapshots from its date on, or from the first', () => {
    const ordinary = recordFrom('2024-01-03')
    expect(firstTouched(ordinary, on('2024-01-05'))).toBe('2024-01-05')
    expect(firstTouched(ordinary, on('2024-01-06'))).toBe('2024-01-08')
    expect(firstTouched(ordinary, on('2021-01-06'))).toBe('2024-01-03')
  })

  test('every snapshot of a record from inception when it lies before equity_as_of', () => {
    expect(firstTouched(record, on('2024-01-05'))).toBe('2024-01-05')
    expect(firstTouched(record, on('2024-01-04'))).toBe('2024-01-02')
    const changed = { ...facts, flows: flows({ '2024-01-03': '1100', '2024-01-05': '500' }) }
    expect(snapshots(changed, prices, dates)[0]?.equityBalance).toBe('8660.00')
  })
})
