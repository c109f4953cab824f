import { describe, expect, test } from '@jest/globals'
import { realizedPnl } from '../../src/pnl/index.ts'
import {
  book,
  flows,
  lastSnapshot,
  lot,
  market,
  readable,
  recordFrom,
  snapshotAfter,
  snapshots,
  valuesOn,
} from './world.ts'

const record = recordFrom('2024-01-02', '10000')
const dates = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05']
const prices = market({
  ACME: { closes: { '2024-01-02': 50, '2024-01-03': 51, '2024-01-04': 49, '2024-01-05': 52 } },
  BOLT: { closes: { '2024-01-02': 20, '2024-01-03': 22, '2024-01-04': 21, '2024-01-05': 18 } },
})
const long = lot({ quantity: '100', entry: '45', on: '2023-11-01' })
const short = lot({ symbol: 'BOLT', quantity: '-200', entry: '25', on: '2023-11-01' })

describe('a portfolio', () => {
  test('of a long and a short: a short gains when its price falls, and its proceeds show as cash', () => {
    expect(snapshots({ record, lots: [long, short] }, prices, dates)).toMatchObject([
      {
        longValue: '5000.00',
        shortValue: '-4000.00',
        grossExposure: '9000.00',
        netExposure: '1000.00',
        cashValue: '9000.00',
        netAssetValue: '10000.00',
        unrealizedPnl: '1500.00',
        dailyPnl: '0.00',
        dailyReturn: null,
        numPositions: 2,
        numLongPositions: 1,
        numShortPositions: 1,
      },
      { dailyPnl: '-300.00', dailyReturn: -0.03, equityBalance: '9700.00', cashValue: '9000.00' },
      { dailyPnl: '0.00', dailyReturn: 0, equityBalance: '9700.00' },
      {
        dailyPnl: '900.00',
        dailyReturn: 900 / 9700,
        equityBalance: '10600.00',
        cumulativePnl: '600.00',
      },
    ])
  })

  test('without positions is worth its equity, all of it cash', () => {
    expect(
      lastSnapshot({ record, flows: flows({ '2024-01-03': '250.5' }) }, prices, dates),
    ).toEqual({
      equityBalance: '10250.50',
      netAssetValue: '10250.50',
      cashValue: '10250.50',
      longValue: '0.00',
      shortValue: '0.00',
      grossExposure: '0.00',
      netExposure: '0.00',
      dailyPnl: '0.00',
      dailyReturn: 0,
      cumulativePnl: '0.00',
      unrealizedPnl: '0.00',
      dailyRealizedPnl: '0.00',
      cumulativeRealizedPnl: '0.00',
      dailyDividends: '0.00',
      cumulativeDividends: '0.00',
      dailyCapitalFlow: '0.00',
      cumulativeCapitalFlow: '250.50',
      numPositions: 0,
      numLongPositions: 0,
      numShortPositions: 0,
      positionsStale: 0,
      positionsMissing: 0,
      isPartial: false,
    })
  })

  test('on margin has negative cash, which is not floored', () => {
    const facts = { record: recordFrom('2024-01-02', '2000'), lots: [long] }
    expect(snapshots(facts, prices, dates.slice(0, 1))).toMatchObject([{ cashValue: '-3000.00' }])
  })

  test('that covers part of a short realizes the gain, once', () => {
    const covered = {
      ...short,
      events: lot({
        quantity: '1',
        entry: '1',
        on: '2023-01-03',
        closed: [['2024-01-04', '80', '21.5']],
      }).events,
    }
    expect(snapshots({ record, lots: [covered] }, prices, dates)).toMatchObject([
      { dailyRealizedPnl: '0.00', unrealizedPnl: '1000.00' },
      { dailyPnl: '-400.00' },
      // 120 open: (22 − 21) gained on each, (22 − 21.5) on the 80 covered; realized from entry (25 − 21.5) each.
      {
        dailyPnl: '160.00',
        dailyRealizedPnl: '280.00',
        unrealizedPnl: '480.00',
        shortValue: '-2520.00',
      },
      { dailyPnl: '360.00', dailyRealizedPnl: '0.00', cumulativeRealizedPnl: '280.00' },
    ])
  })

  test('knows what one closing realized', () => {
    const [event] = lot({
      quantity: '1',
      entry: '1',
      on: '2023-01-03',
      closed: [['2024-01-04', '80', '21.5']],
    }).events
    expect(event && realizedPnl(short, event, prices)).toBe(28_000n)
    expect(event && realizedPnl(long, event, prices)).toBe(-188_000n)
    const split = market({ ACME: { splits: { '2024-01-03': '2' } } })
    // Entered at 45 before a 2:1 split: 22.50 on the day of the trade.
    expect(event && realizedPnl(long, event, split)).toBe(-8_000n)
  })

  test('rounds the exact sum once and not each lot', () => {
    const prices = market({ ACME: { closes: { '2024-01-02': 1, '2024-01-03': 1.004 } } })
    const lots = [1, 2, 3].map((n) =>
      lot({ id: `${n}`, quantity: '1', entry: '1', on: '2023-12-01' }),
    )
    expect(snapshots({ record, lots }, prices, dates.slice(0, 2))[1]).toMatchObject({
      dailyPnl: '0.01',
      netExposure: '3.01',
    })
  })

  test.each([
    ['1.005', '1.01'],
    ['0.995', '1.00'],
    ['0.994999', '0.99'],
  ])('rounds %s half away from zero, long and short alike', (price, rounded) => {
    const one = market({ ACME: { closes: { '2024-01-02': Number(price) } } })
    const lots = (quantity: string) => [lot({ quantity, entry: '1', on: '2023-12-01' })]
    const [first] = snapshots({ record, lots: lots('1') }, one, dates.slice(0, 1))
    const [second] = snapshots({ record, lots: lots('-1') }, one, dates.slice(0, 1))
    expect([first?.longValue, second?.shortValue]).toEqual([rounded, `-${rounded}`])
  })
})

describe('a capital flow', () => {
  const lots = [long]

  test("changes equity and cash and no P&L, and is part of the base of the day's return", () => {
    const moved = flows({ '2024-01-03': '5000', '2024-01-05': '-2000' })
    expect(snapshots({ record, lots, flows: moved }, prices, dates)).toMatchObject([
      { dailyCapitalFlow: '0.00' },
      {
        dailyCapitalFlow: '5000.00',
        dailyPnl: '100.00',
        dailyReturn: 100 / 15000,
        equityBalance: '15100.00',
      },
      { dailyCapitalFlow: '0.00', dailyPnl: '-200.00' },
      {
        dailyCapitalFlow: '-2000.00',
        dailyPnl: '300.00',
        dailyReturn: 300 / 12900,
        cumulativeCapitalFlow: '3000.00',
      },
    ])
  })

  test('on or before the first snapshot is in the equity already', () => {
    const moved = flows({ '2023-12-01': '1', '2024-01-02': '2' })
    expect(lastSnapshot({ record, lots, flows: moved }, prices, dates).cumulativeCapitalFlow).toBe(
      '0.00',
    )
  })

  test('on a day without trading lands on the next session', () => {
    const moved = flows({ '2024-01-06': '700' })
    expect(
      snapshots({ record, lots, flows: moved }, prices, ['2024-01-05', '2024-01-08']),
    ).toMatchObject([{ dailyCapitalFlow: '0.00' }, { dailyCapitalFlow: '700.00' }])
  })

  test('back-dated, and later deleted, corrects itself on the next snapshot', () => {
    const without = book({ record, lots })
    const withFlow = book({ record, lots, flows: flows({ '2024-01-03': '500' }) })
    const second = valuesOn(without, prices, dates.slice(0, 2)).at(-1)?.snapshot
    const third = snapshotAfter(second, withFlow, { prices, date: '2024-01-04' })
    const fourth = snapshotAfter(third, without, { prices, date: '2024-01-05' })
    expect(readable(third)).toMatchObject({
      dailyCapitalFlow: '500.00',
      dailyPnl: '-200.00',
      equityBalance: '10400.00',
    })
    expect(readable(fourth)).toMatchObject({
      dailyCapitalFlow: '-500.00',
      dailyPnl: '300.00',
      equityBalance: '10200.00',
    })
  })

  test.each([
    ['is wiped out', '-10100', null],
    ['is negative', '-10200', null],
    ['is one cent', '-10099.99', -20000],
  ])('that leaves an equity that %s leaves no return to speak of', (_, amount, dailyReturn) => {
    const moved = flows({ '2024-01-04': amount })
    expect(snapshots({ record, lots, flows: moved }, prices, dates)[2]).toMatchObject({
      dailyPnl: '-200.00',
      dailyReturn,
    })
  })
})

describe('a snapshot after a gap', () => {
  test('gains everything since the one before, whatever the gap', () => {
    const facts = { record, lots: [long], flows: flows({ '2024-01-03': '10' }) }
    const [, last] = snapshots(facts, prices, ['2024-01-02', '2024-01-05'])
    expect(last).toMatchObject({
      dailyPnl: '200.00',
      dailyCapitalFlow: '10.00',
      cumulativePnl: '200.00',
    })
  })
})

test('facts in any order give the same figures', () => {
  const event = (date: string, price: string) => [date, '10', price] as const
  const closed = [event('2024-01-03', '51'), event('2024-01-03', '50'), event('2024-01-05', '52')]
  const facts = (order: typeof closed) => ({
    record,
    lots: [lot({ quantity: '30', entry: '45', on: '2023-11-01', closed: order }), short],
    flows: flows({ '2024-01-03': '1', '2024-01-04': '2' }),
  })
  const there = snapshots(facts(closed), prices, dates)
  const back = snapshots(facts(closed.toReversed()), prices, dates)
  expect(back).toEqual(there)
  expect(there.at(-1)?.dailyRealizedPnl).toBe('70.00')
})
