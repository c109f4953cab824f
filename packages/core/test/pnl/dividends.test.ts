import { describe, expect, test } from '@jest/globals'
import { lot, market, recordFrom, recordFromInception, snapshots } from './world.ts'

const record = recordFrom('2024-01-02')
const dates = ['2024-01-02', '2024-01-03', '2024-01-04']
const closes = { '2024-01-02': 50, '2024-01-03': 50, '2024-01-04': 50 }
const prices = market({ ACME: { closes, dividends: { '2024-01-03': '0.24' } } })
const held = { quantity: '100', entry: '40', on: '2023-12-01' }

describe('a cash dividend', () => {
  test('is a gain of the ex-date, kept apart, and part of the P&L', () => {
    expect(snapshots({ record, lots: [lot(held)] }, prices, dates)).toMatchObject([
      { dailyDividends: '0.00', dailyPnl: '0.00' },
      {
        dailyDividends: '24.00',
        dailyPnl: '24.00',
        cashValue: '5024.00',
        dailyRealizedPnl: '0.00',
      },
      {
        dailyDividends: '0.00',
        dailyPnl: '0.00',
        cumulativeDividends: '24.00',
        cumulativePnl: '24.00',
      },
    ])
  })

  test('is paid by a short', () => {
    const short = lot({ ...held, quantity: '-100' })
    expect(snapshots({ record, lots: [short] }, prices, dates.slice(0, 2))).toMatchObject([
      { cashValue: '15000.00' },
      { dailyDividends: '-24.00', dailyPnl: '-24.00', cashValue: '14976.00' },
    ])
  })

  test('belongs to what was open before the ex-date', () => {
    const soldOnExDate = lot({ ...held, closed: [['2024-01-03', '60', '50']] })
    const soldTheDayBefore = lot({ ...held, closed: [['2024-01-02', '60', '50']] })
    const boughtOnExDate = lot({ ...held, on: '2024-01-03', entry: '50' })
    expect(snapshots({ record, lots: [soldOnExDate] }, prices, dates)[1]?.dailyDividends).toBe(
      '24.00',
    )
    expect(snapshots({ record, lots: [soldTheDayBefore] }, prices, dates)[1]?.dailyDividends).toBe(
      '9.60',
    )
    expect(snapshots({ record, lots: [boughtOnExDate] }, prices, dates)[1]?.dailyDividends).toBe(
      '0.00',
    )
  })

  test("of the first snapshot's day is in the equity already", () => {
    const facts = { record: recordFrom('2024-01-03'), lots: [lot(held)] }
    expect(snapshots(facts, prices, dates.slice(1))).toMatchObject([
      { cumulativeDividends: '0.00' },
      { cumulativeDividends: '0.00' },
    ])
  })

  test('counts since entry in a record from inception', () => {
    const facts = { record: recordFromInception('2024-01-04', '2024-01-04'), lots: [lot(held)] }
    expect(snapshots(facts, prices, ['2024-01-04'])).toMatchObject([
      { cumulativeDividends: '24.00' },
    ])
  })

  test('needs no bar on its ex-date, and comes late with a snapshot that was skipped', () => {
    const gap = market({
      ACME: { closes: { '2024-01-02': 50, '2024-01-04': 50 }, dividends: { '2024-01-03': '0.24' } },
    })
    expect(snapshots({ record, lots: [lot(held)] }, gap, dates)[1]?.dailyDividends).toBe('24.00')
    expect(
      snapshots({ record, lots: [lot(held)] }, gap, ['2024-01-02', '2024-01-04'])[1],
    ).toMatchObject({
      dailyDividends: '24.00',
    })
  })

  test('on the day of a split is per new share', () => {
    const split = market({
      ACME: {
        closes: { ...closes, '2024-01-03': 25, '2024-01-04': 25 },
        splits: { '2024-01-03': '2' },
        dividends: { '2024-01-03': '0.12', '2024-01-04': '0.10' },
      },
    })
    expect(snapshots({ record, lots: [lot(held)] }, split, dates)).toMatchObject([
      { dailyDividends: '0.00' },
      { dailyDividends: '24.00', dailyPnl: '24.00' },
      { dailyDividends: '20.00' },
    ])
  })

  test('of the past keeps its own share basis when the shares split later', () => {
    const later = market({
      ACME: {
        closes: { '2024-01-02': 50, '2024-01-03': 50, '2024-01-04': 400 },
        splits: { '2024-01-04': '0.125' },
        dividends: { '2024-01-03': '0.24' },
      },
    })
    expect(snapshots({ record, lots: [lot(held)] }, later, dates)[2]).toMatchObject({
      cumulativeDividends: '24.00',
      cumulativePnl: '24.00',
    })
  })
})
