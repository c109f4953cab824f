import { describe, expect, test } from '@jest/globals'
import { lastSnapshot, lot, lotOn, market, recordFrom, snapshots } from './world.ts'

const record = recordFrom('2024-01-02')

describe('the mark of a listed lot', () => {
  const shares = lot({ quantity: '100', entry: '50', on: '2024-01-02' })
  const prices = market({ ACME: { closes: { '2024-01-02': 50, '2024-01-03': 51.25 } } })

  test('is the close of the date', () => {
    expect(lotOn(shares, prices, { record, date: '2024-01-03' })).toMatchObject({
      lastPrice: '51.250000',
      lastPriceDate: '2024-01-03',
      priceStatus: 'current',
      marketValue: '5125.00',
      unrealizedPnl: '125.00',
    })
  })

  test.each([
    ['2024-01-04', 'stale', 1],
    ['2024-01-10', 'stale', 5],
    ['2024-01-11', 'missing', 6],
    // 15 January 2024 is a holiday: the age is counted in sessions.
    ['2024-01-16', 'missing', 8],
  ])('is on %s the latest earlier close, %s when %i sessions old', (date, priceStatus, _age) => {
    expect(lotOn(shares, prices, { record, date })).toMatchObject({
      lastPrice: '51.250000',
      lastPriceDate: '2024-01-03',
      priceStatus,
      marketValue: '5125.00',
    })
  })

  test('is its entry price, missing, when no close was ever seen', () => {
    const unknown = lot({ symbol: 'NEW', quantity: '100', entry: '50', on: '2024-01-02' })
    expect(lotOn(unknown, prices, { record, date: '2024-01-03' })).toMatchObject({
      lastPrice: '50.000000',
      lastPriceDate: null,
      priceStatus: 'missing',
      marketValue: '5000.00',
    })
  })

  test('is its recognition price when it was recognised from prices that are not at hand', () => {
    const recognition = { date: '2024-01-02', price: 47_000_000n }
    const known = lot({
      symbol: 'NEW',
      quantity: '100',
      entry: '50',
      on: '2024-01-02',
      recognition: recognition as never,
    })
    expect(lotOn(known, prices, { record, date: '2024-01-03' })).toMatchObject({
      lastPrice: '47.000000',
      priceStatus: 'missing',
      marketValue: '4700.00',
    })
  })

  test('is counted as stale or missing, and a missing one makes the snapshot partial', () => {
    const lots = [shares, lot({ symbol: 'NEW', quantity: '1', entry: '5', on: '2024-01-02' })]
    expect(lastSnapshot({ record, lots }, prices, ['2024-01-04'])).toMatchObject({
      numPositions: 2,
      positionsStale: 1,
      positionsMissing: 1,
      isPartial: true,
    })
    expect(lastSnapshot({ record, lots: [shares] }, prices, ['2024-01-04'])).toMatchObject({
      positionsStale: 1,
      positionsMissing: 0,
      isPartial: false,
    })
  })

  test('makes no gain or loss by not coming', () => {
    const dates = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-16']
    expect(snapshots({ record, lots: [shares] }, prices, dates)).toMatchObject([
      { dailyPnl: '0.00' },
      { dailyPnl: '125.00' },
      { dailyPnl: '0.00', equityBalance: '10125.00' },
      { dailyPnl: '0.00', equityBalance: '10125.00', isPartial: true },
    ])
  })

  test('that is filled in later corrects the next snapshot, and all of them when computed again', () => {
    const gap = { ACME: { closes: { '2024-01-02': 50, '2024-01-04': 53 } } }
    const filled = { ACME: { closes: { ...gap.ACME.closes, '2024-01-03': 52 } } }
    const dates = ['2024-01-02', '2024-01-03', '2024-01-04']
    expect(snapshots({ record, lots: [shares] }, market(gap), dates)).toMatchObject([
      { dailyPnl: '0.00' },
      { dailyPnl: '0.00', positionsStale: 1 },
      { dailyPnl: '300.00', cumulativePnl: '300.00' },
    ])
    expect(snapshots({ record, lots: [shares] }, market(filled), dates)).toMatchObject([
      { dailyPnl: '0.00' },
      { dailyPnl: '200.00', positionsStale: 0 },
      { dailyPnl: '100.00', cumulativePnl: '300.00' },
    ])
  })
})

describe('the mark of a private lot', () => {
  const prices = market({ FUND: { closes: { '2024-01-02': 999 }, splits: { '2024-01-04': '2' } } })
  const fund = {
    symbol: 'FUND',
    class: 'PRIVATE' as const,
    quantity: '3',
    entry: '1000',
    on: '2023-06-30',
  }

  test('is the latest valuation not after the date, divided by the quantity', () => {
    const valued = lot({
      ...fund,
      enteredValue: '2900',
      valuations: { '2024-01-05': '3300', '2024-01-03': '3100', '2024-01-08': '9999' },
    })
    expect(lotOn(valued, prices, { record, date: '2024-01-05' })).toMatchObject({
      lastPrice: '1100.000000',
      lastPriceDate: '2024-01-05',
      priceStatus: 'manual',
      marketValue: '3300.00',
    })
  })

  test('is else the value it was entered with, else its entry price', () => {
    const entered = lot({ ...fund, enteredValue: '2900' })
    expect(lotOn(entered, prices, { record, date: '2024-01-05' })).toMatchObject({
      lastPrice: '966.666667',
      lastPriceDate: null,
      priceStatus: 'manual',
      marketValue: '2900.00',
    })
    expect(lotOn(lot(fund), prices, { record, date: '2024-01-05' })).toMatchObject({
      lastPrice: '1000.000000',
      priceStatus: 'manual',
      marketValue: '3000.00',
    })
  })

  test('knows nothing of a listed symbol that is spelled alike', () => {
    expect(lotOn(lot(fund), prices, { record, date: '2024-01-05' })).toMatchObject({
      openQuantity: '3.000000',
      lastPrice: '1000.000000',
    })
  })

  test('gains from its value on the first snapshot, exactly, whatever the quantity', () => {
    const units = lot({
      ...fund,
      quantity: '3000000',
      enteredValue: '10000000',
      valuations: { '2024-01-04': '10000001' },
    })
    const dates = ['2024-01-02', '2024-01-04']
    expect(snapshots({ record, lots: [units] }, prices, dates)).toMatchObject([
      { dailyPnl: '0.00', netExposure: '10000000.00' },
      { dailyPnl: '1.00', netExposure: '10000001.00' },
    ])
  })
})
