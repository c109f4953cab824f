import { describe, expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import {
  book,
  flows,
  lot,
  lotOn,
  market,
  readable,
  recordFrom,
  snapshotAfter,
  snapshots,
  valuesOn,
} from './world.ts'

const record = recordFrom('2024-01-03', '10000')
const prices = market({
  ACME: {
    closes: {
      '2024-01-02': 48,
      '2024-01-03': 50,
      '2024-01-04': 53,
      '2024-01-05': 52,
      '2024-01-08': 55,
    },
  },
})
const dates = ['2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08']

describe('a lot is recognised', () => {
  test('at its mark of the first snapshot when it was there by then, so that the first day gains nothing', () => {
    const held = lot({ quantity: '100', entry: '20', on: '2021-05-03' })
    expect(lotOn(held, prices, { record, date: '2024-01-03' }).recognition).toEqual([
      '2024-01-03',
      '50.000000',
    ])
    expect(snapshots({ record, lots: [held] }, prices, dates)).toMatchObject([
      { dailyPnl: '0.00', equityBalance: '10000.00', unrealizedPnl: '3000.00' },
      { dailyPnl: '300.00', equityBalance: '10300.00', unrealizedPnl: '3300.00' },
      { dailyPnl: '-100.00' },
      { dailyPnl: '300.00', cumulativePnl: '500.00' },
    ])
  })

  test('at its mark also when it was bought on the first day itself', () => {
    const bought = lot({ quantity: '100', entry: '49', on: '2024-01-03' })
    expect(snapshots({ record, lots: [bought] }, prices, dates.slice(0, 2))).toMatchObject([
      { dailyPnl: '0.00', unrealizedPnl: '100.00' },
      { dailyPnl: '300.00' },
    ])
  })

  test('at its entry price when it was bought later', () => {
    const bought = lot({ quantity: '100', entry: '51', on: '2024-01-04' })
    expect(lotOn(bought, prices, { record, date: '2024-01-04' }).recognition).toEqual([
      '2024-01-04',
      '51.000000',
    ])
    expect(snapshots({ record, lots: [bought] }, prices, dates)).toMatchObject([
      { dailyPnl: '0.00', numPositions: 0, cashValue: '10000.00' },
      { dailyPnl: '200.00', numPositions: 1, cashValue: '4900.00', netExposure: '5300.00' },
      { dailyPnl: '-100.00' },
      { dailyPnl: '300.00' },
    ])
  })

  test('at its last close before the first snapshot when it has none on that day', () => {
    const gap = market({ ACME: { closes: { '2024-01-02': 48, '2024-01-04': 53 } } })
    const held = lot({ quantity: '100', entry: '20', on: '2021-05-03' })
    expect(snapshots({ record, lots: [held] }, gap, dates.slice(0, 2))).toMatchObject([
      { dailyPnl: '0.00', positionsStale: 1 },
      { dailyPnl: '500.00' },
    ])
  })

  test('at a close that a split on the first day leaves without a decimal form, without a cent of gain', () => {
    const thirds = market({
      ACME: {
        closes: { '2024-01-02': 50, '2024-01-04': 16.7 },
        splits: { '2024-01-03': '3' },
        dividends: { '2024-01-03': '0.5' },
      },
    })
    const held = lot({ quantity: '1000000', entry: '20', on: '2021-05-03' })
    const sold = {
      ...held,
      events: lot({
        quantity: '1',
        entry: '1',
        on: '2021-05-03',
        closed: [['2024-01-03', '600000', '99']],
      }).events,
    }
    expect(lotOn(held, thirds, { record, date: '2024-01-03' }).recognition).toEqual([
      '2024-01-02',
      '50.000000',
    ])
    expect(snapshots({ record, lots: [sold] }, thirds, dates.slice(0, 1))).toMatchObject([
      { dailyPnl: '0.00', netExposure: '40000000.00', cumulativeDividends: '0.00' },
    ])
    const [first, second] = snapshots({ record, lots: [held] }, thirds, dates.slice(0, 2))
    expect(first).toMatchObject({ dailyPnl: '0.00', netExposure: '50000000.00' })
    expect(second).toMatchObject({ dailyPnl: '100000.00', netExposure: '50100000.00' })
  })
})

describe('a lot without a close by the first snapshot', () => {
  const held = lot({
    quantity: '100',
    entry: '20',
    on: '2021-05-03',
    closed: [['2024-01-04', '50', '60']],
  })
  const late = market({ ACME: { closes: { '2024-01-05': 52, '2024-01-08': 55 } } })

  test('is valued at its entry price and gains nothing until its first close, which is its recognition price', () => {
    expect(lotOn(held, late, { record, date: '2024-01-04' })).toMatchObject({
      recognition: null,
      lastPrice: '20.000000',
      priceStatus: 'missing',
    })
    expect(lotOn(held, late, { record, date: '2024-01-08' }).recognition).toEqual([
      '2024-01-05',
      '52.000000',
    ])
    expect(snapshots({ record, lots: [held] }, late, dates)).toMatchObject([
      { equityBalance: '10000.00', netExposure: '2000.00', cumulativePnl: '0.00' },
      {
        equityBalance: '10000.00',
        netExposure: '1000.00',
        cashValue: '9000.00',
        cumulativeRealizedPnl: '0.00',
      },
      {
        equityBalance: '10000.00',
        netExposure: '2600.00',
        cashValue: '7400.00',
        cumulativePnl: '0.00',
      },
      { equityBalance: '10150.00', netExposure: '2750.00', cumulativePnl: '150.00' },
    ])
  })

  test('is recognised at the mark of the first snapshot once history reaches it', () => {
    expect(snapshots({ record, lots: [held] }, prices, dates)).toMatchObject([
      { cumulativePnl: '0.00' },
      // 50 sold at 60, 50 left at 53, all from 50.
      { cumulativePnl: '650.00', cumulativeRealizedPnl: '2000.00' },
      { cumulativePnl: '600.00' },
      { cumulativePnl: '750.00' },
    ])
  })

  test('is not recognised yet on dates before a stored recognition', () => {
    const known = {
      ...held,
      recognition: { date: '2024-01-05' as IsoDate, price: 52_000_000n as never },
    }
    expect(lotOn(known, late, { record, date: '2024-01-04' }).recognition).toBeNull()
    expect(snapshots({ record, lots: [known] }, late, dates)).toEqual(
      snapshots({ record, lots: [held] }, late, dates),
    )
  })
})

describe('what counts', () => {
  test('is what was closed after recognition: a half-closed lot brings no gain of the past', () => {
    const half = lot({
      quantity: '100',
      entry: '20',
      on: '2021-05-03',
      closed: [['2023-03-01', '50', '30']],
    })
    expect(lotOn(half, prices, { record, date: '2024-01-03' })).toMatchObject({
      openQuantity: '50.000000',
      realizedPnl: '500.00',
    })
    expect(snapshots({ record, lots: [half] }, prices, dates.slice(0, 2))).toMatchObject([
      { dailyPnl: '0.00', cumulativeRealizedPnl: '0.00', netExposure: '2500.00' },
      { dailyPnl: '150.00', cumulativeRealizedPnl: '0.00', netExposure: '2650.00' },
    ])
  })

  test('is not what was closed on the first day itself', () => {
    const sold = lot({
      quantity: '100',
      entry: '20',
      on: '2021-05-03',
      closed: [['2024-01-03', '50', '49']],
    })
    expect(snapshots({ record, lots: [sold] }, prices, dates.slice(0, 1))).toMatchObject([
      { dailyPnl: '0.00', dailyRealizedPnl: '0.00', netExposure: '2500.00' },
    ])
  })

  test('is also a close on the day of a later purchase', () => {
    const dayTrade = lot({
      quantity: '100',
      entry: '51',
      on: '2024-01-04',
      closed: [['2024-01-04', '100', '53.5']],
    })
    expect(snapshots({ record, lots: [dayTrade] }, prices, dates.slice(0, 3))).toMatchObject([
      { cumulativePnl: '0.00' },
      { dailyPnl: '250.00', dailyRealizedPnl: '250.00', numPositions: 0, cashValue: '10250.00' },
      { dailyPnl: '0.00', cumulativePnl: '250.00' },
    ])
  })
})

describe('a lot keyed three days late', () => {
  const late = lot({ quantity: '100', entry: '51', on: '2024-01-04' })

  test('is paid for by cash, and its gain since entry lands on the next snapshot', () => {
    const previous = valuesOn(book({ record }), prices, dates.slice(0, 3)).at(-1)?.snapshot
    const snapshot = snapshotAfter(previous, book({ record, lots: [late] }), {
      prices,
      date: '2024-01-08',
    })
    expect(readable(snapshot)).toMatchObject({
      dailyPnl: '400.00',
      cashValue: '4900.00',
      netExposure: '5500.00',
      equityBalance: '10400.00',
    })
  })

  test('has its gain spread over the days when they are computed again', () => {
    expect(snapshots({ record, lots: [late] }, prices, dates)).toMatchObject([
      { dailyPnl: '0.00' },
      { dailyPnl: '200.00' },
      { dailyPnl: '-100.00' },
      { dailyPnl: '300.00' },
    ])
  })
})

describe('a transfer in kind', () => {
  test('of shares is a lot at the value of the day and a contribution: no gain, no change of cash', () => {
    const moved = lot({ quantity: '100', entry: '53', on: '2024-01-04' })
    const facts = { record, lots: [moved], flows: flows({ '2024-01-04': '5300' }) }
    expect(snapshots(facts, prices, dates.slice(0, 2))).toMatchObject([
      { equityBalance: '10000.00' },
      {
        equityBalance: '15300.00',
        dailyPnl: '0.00',
        cashValue: '10000.00',
        dailyCapitalFlow: '5300.00',
      },
    ])
  })

  test('of a short is a lot and a withdrawal', () => {
    const moved = lot({ quantity: '-100', entry: '53', on: '2024-01-04' })
    const facts = { record, lots: [moved], flows: flows({ '2024-01-04': '-5300' }) }
    expect(snapshots(facts, prices, dates.slice(0, 2))).toMatchObject([
      { equityBalance: '10000.00' },
      { equityBalance: '4700.00', dailyPnl: '0.00', cashValue: '10000.00', shortValue: '-5300.00' },
    ])
  })
})
