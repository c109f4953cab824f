import { describe, expect, test } from '@jest/globals'
import { openQuantity } from '../../src/pnl/index.ts'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import { splitFraction } from '../../src/pnl/prices/splits.ts'
import { formatMicros } from '../../src/pnl/index.ts'
import {
  lot,
  lotOn,
  market,
  recordFrom,
  recordFromInception,
  snapshots,
  type LotText,
} from './world.ts'

const record = recordFrom('2024-01-02')
const dates = ['2024-01-02', '2024-01-03', '2024-01-04']

describe.each([
  { kind: 'a 2:1 split', ratio: '2', after: 30, quantity: '100', then: '200.000000' },
  { kind: 'a 3:2 split', ratio: '1.5', after: 40, quantity: '100', then: '150.000000' },
  { kind: 'a 1:8 reverse split', ratio: '0.125', after: 480, quantity: '100', then: '12.500000' },
  {
    kind: 'a 1:3 reverse split',
    ratio: '0.3333333333',
    after: 180,
    quantity: '100',
    then: '33.333333',
  },
  {
    kind: 'a 7:1 split of a short',
    ratio: '7',
    after: 60 / 7,
    quantity: '-100',
    then: '-700.000000',
  },
])('$kind', ({ ratio, after, quantity, then }) => {
  const closes = {
    '2024-01-02': 60,
    '2024-01-03': Number(after.toFixed(6)),
    '2024-01-04': Number(after.toFixed(6)),
  }
  const prices = market({ ACME: { closes, splits: { '2024-01-03': ratio } } })
  const held = lot({ quantity, entry: '55', on: '2023-12-01' })

  test('changes the number of shares and no dollar', () => {
    // Closes have six decimals, so that a seventh of 60 is off by some millionths of a dollar a share.
    const [before, onExDate, later] = snapshots({ record, lots: [held] }, prices, dates)
    for (const field of ['netExposure', 'unrealizedPnl', 'equityBalance', 'cashValue'] as const) {
      expect(onExDate?.[field]).toBe(before?.[field])
      expect(later?.[field]).toBe(before?.[field])
    }
    expect(lotOn(held, prices, { record, date: '2024-01-04' }).openQuantity).toBe(then)
  })
})

describe('the share basis', () => {
  const twice = market({
    ACME: {
      closes: { '2024-01-02': 120, '2024-01-03': 60, '2024-01-04': 40 },
      splits: { '2024-01-03': '2', '2024-01-04': '1.5' },
    },
  })

  test('multiplies two splits', () => {
    const held = lot({ quantity: '10', entry: '90', on: '2023-12-01' })
    expect(lotOn(held, twice, { record, date: '2024-01-04' })).toMatchObject({
      openQuantity: '30.000000',
      marketValue: '1200.00',
      unrealizedPnl: '300.00',
    })
  })

  test("of a statement uploaded after the splits already is today's", () => {
    const held = lot({ quantity: '30', entry: '30', on: '2023-12-01', basis: '2024-01-04' })
    expect(lotOn(held, twice, { record, date: '2024-01-04' })).toMatchObject({
      openQuantity: '30.000000',
      unrealizedPnl: '300.00',
    })
    // Looked at on earlier dates it is what it was then.
    expect(lotOn(held, twice, { record, date: '2024-01-02' })).toMatchObject({
      openQuantity: '10.000000',
      marketValue: '1200.00',
      unrealizedPnl: '300.00',
    })
  })

  test('of a lot entered on the ex-date is the new one', () => {
    const held = lot({ quantity: '10', entry: '58', on: '2024-01-03' })
    expect(lotOn(held, twice, { record, date: '2024-01-03' })).toMatchObject({
      openQuantity: '10.000000',
      marketValue: '600.00',
      unrealizedPnl: '20.00',
    })
  })

  test('changes on a day without a bar, where the mark is the earlier close restated', () => {
    const prices = market({
      ACME: { closes: { '2024-01-02': 50 }, splits: { '2024-01-03': '1.5' } },
    })
    const held = lot({ quantity: '10', entry: '50', on: '2023-12-01' })
    expect(lotOn(held, prices, { record, date: '2024-01-03' })).toMatchObject({
      openQuantity: '15.000000',
      lastPrice: '33.333333',
      lastPriceDate: '2024-01-02',
      priceStatus: 'stale',
      marketValue: '500.00',
    })
  })

  test('of a short turns the same way', () => {
    const held = lot({ quantity: '-10', entry: '125', on: '2024-01-03', basis: '2024-01-02' })
    expect(lotOn(held, twice, { record, date: '2024-01-04' })).toMatchObject({
      openQuantity: '-30.000000',
      marketValue: '-1200.00',
      unrealizedPnl: '50.00',
    })
  })

  test('of a closing is that of its trade date', () => {
    // 10 → 20 on 3 January, of which 5 are sold at 61: 15 left; → 22.5 on 4 January.
    const held = lot({
      quantity: '10',
      entry: '120',
      on: '2024-01-02',
      closed: [['2024-01-03', '5', '61']],
    })
    const inception = recordFromInception('2024-01-02', '2024-01-02')
    expect(lotOn(held, twice, { record: inception, date: '2024-01-04' })).toMatchObject({
      openQuantity: '22.500000',
      marketValue: '900.00',
      realizedPnl: '5.00',
    })
  })

  test('is right again as soon as a split learnt late is known', () => {
    const closes = { '2024-01-02': 120, '2024-01-03': 60, '2024-01-04': 61 }
    const held = lot({ quantity: '10', entry: '100', on: '2023-12-01' })
    const unaware = snapshots({ record, lots: [held] }, market({ ACME: { closes } }), dates)
    const aware = snapshots(
      { record, lots: [held] },
      market({ ACME: { closes, splits: { '2024-01-03': '2' } } }),
      dates,
    )
    expect(unaware).toMatchObject([
      { dailyPnl: '0.00' },
      { dailyPnl: '-600.00' },
      { dailyPnl: '10.00' },
    ])
    expect(aware).toMatchObject([{ dailyPnl: '0.00' }, { dailyPnl: '0.00' }, { dailyPnl: '20.00' }])
  })

  test('closes a third of a share that was sold as 0.333333, and its gain is whole', () => {
    const prices = market({
      ACME: {
        closes: { '2024-01-02': 300_000, '2024-01-03': 900_000 },
        splits: { '2024-01-03': '0.3333333333' },
      },
    })
    const held = lot({
      quantity: '1',
      entry: '300000',
      on: '2023-12-01',
      closed: [['2024-01-03', '0.333333', '930000']],
    })
    const [, sold] = snapshots({ record, lots: [held] }, prices, ['2024-01-02', '2024-01-03'])
    expect(sold).toMatchObject({ numPositions: 0, dailyPnl: '10000.00', netExposure: '0.00' })
    expect(formatMicros(openQuantity(held, '2024-01-03' as IsoDate, prices))).toBe('0.000000')
  })

  test('gives the rest of a share to the last closing, in whatever order they are told', () => {
    const closes = { '2024-01-02': 300_000, '2024-01-03': 900_000, '2024-01-04': 900_000 }
    const prices = market({ ACME: { closes, splits: { '2024-01-03': '0.3333333333' } } })
    const closed = [
      ['2024-01-03', '0.2', '900000'],
      ['2024-01-04', '0.133333', '1500000'],
    ] as const
    const sold = (events: LotText['closed'] & {}) =>
      snapshots(
        {
          record,
          lots: [lot({ quantity: '1', entry: '300000', on: '2023-12-01', closed: events })],
        },
        prices,
        dates,
      )
    // A third of a share less 0.2 is 0.13333…, of which each whole one gained 600,000.
    expect(sold(closed)[2]).toMatchObject({ dailyPnl: '80000.00', numPositions: 0 })
    expect(sold([closed[1], closed[0]])).toEqual(sold(closed))
    const sameDay = [
      ['2024-01-04', '0.2', '900000'],
      ['2024-01-04', '0.133333', '1500000'],
    ] as const
    expect(sold([sameDay[1], sameDay[0]])).toEqual(sold(sameDay))
  })
})

describe('a stored split ratio', () => {
  test.each([
    ['7.0000000000', 7n, 1n],
    ['1.5000000000', 3n, 2n],
    ['0.1250000000', 1n, 8n],
    ['0.3333333333', 1n, 3n],
    ['0.6666666667', 2n, 3n],
    ['1.2810000000', 1281n, 1000n],
    ['0.0004000000', 1n, 2500n],
    ['1.0000000000', 1n, 1n],
  ])('%s is the fraction it was rounded from', (decimal, n, d) => {
    expect(splitFraction(decimal)).toEqual({ n, d })
  })

  test.each(['0', '-2', 'NaN', 'Infinity'])('%s is refused', (decimal) => {
    expect(() => splitFraction(decimal)).toThrow(RangeError)
  })
})
