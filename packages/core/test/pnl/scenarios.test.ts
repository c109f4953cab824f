import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import { formatMicros, openQuantity } from '../../src/pnl/index.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'
import { lot, market, recordFromInception, snapshots, type LotText } from './world.ts'

interface Activity {
  readonly date: string
  readonly type: 'BUY' | 'SELL' | 'DIVIDEND' | 'FEE'
  readonly quantity: number
  readonly price: number
}

interface Scenario {
  readonly id: string
  readonly activities: readonly Activity[]
  readonly splits?: readonly { date: string; numerator: number; denominator: number }[]
  readonly closes?: Readonly<Record<string, number>>
  readonly close?: number
  readonly as_of?: string
  readonly multiplier?: number
}

interface GhostfolioCase extends Scenario {
  readonly expected: Readonly<Record<string, string>>
}

interface ArithmeticCase extends Scenario {
  readonly expected: { readonly fifo: Readonly<Record<string, string>> }
}

const OPTION = 'ACME240621C00050000'

/**
 * Their buys and sells as our lots and realized events, first in first out; what a sale exceeds opens a
 * short. Quantities are kept to six decimals. Fees are no part of a lot here and are left out: gross
 * figures are compared.
 */
function lotsOf({ activities, multiplier = 1 }: Scenario) {
  const lots: { text: LotText; left: number; closed: [string, string, string][] }[] = []
  for (const { date, type, quantity, price } of activities) {
    if (type !== 'BUY' && type !== 'SELL') continue
    const side = type === 'BUY' ? 1 : -1
    let rest = quantity
    for (const open of lots.filter(({ left }) => Math.sign(left) === -side)) {
      const taken = Math.min(rest, Math.abs(open.left))
      if (taken <= 0) break
      open.closed.push([date, taken.toFixed(6), String(price)])
      open.left += side * taken
      rest -= taken
    }
    if (rest < 1e-6) continue
    const text = {
      id: `${lots.length}`,
      ...(multiplier === 100 ? { symbol: OPTION, class: 'OPTIONS' as const } : {}),
      quantity: (side * rest).toFixed(6),
      entry: String(price),
      on: date,
    }
    lots.push({ text, left: side * rest, closed: [] })
  }
  return lots.map(({ text, closed }) => lot({ ...text, closed }))
}

/** The lots of a scenario before a split are larger after it; sales are matched in today's shares. */
function restatedForMatching(scenario: Scenario): Scenario {
  const [split] = scenario.splits ?? []
  if (split === undefined) return scenario
  const ratio = split.numerator / split.denominator
  const activities = scenario.activities.map((activity) =>
    activity.date < split.date
      ? { ...activity, quantity: activity.quantity * ratio, price: activity.price / ratio }
      : activity,
  )
  return { ...scenario, activities }
}

function pricesOf(scenario: Scenario, on: string) {
  const dividends = scenario.activities.filter(({ type }) => type === 'DIVIDEND')
  const symbol = scenario.multiplier === 100 ? OPTION : 'ACME'
  return market({
    [symbol]: {
      closes: scenario.close === undefined ? (scenario.closes ?? {}) : { [on]: scenario.close },
      splits: Object.fromEntries(
        (scenario.splits ?? []).map((split) => [
          split.date,
          String(split.numerator / split.denominator),
        ]),
      ),
      dividends: Object.fromEntries(dividends.map(({ date, price }) => [date, String(price)])),
    },
  })
}

/** A scenario as a portfolio recorded from inception, valued on the date it asks for. */
function play(scenario: Scenario, before: readonly string[] = []) {
  const last = scenario.activities.at(-1)?.date ?? ''
  const on = scenario.as_of ?? last
  const isBasisLater = scenario.splits !== undefined && scenario.splits.length > 0
  const lots = lotsOf(restatedForMatching(scenario)).map((one) =>
    isBasisLater ? { ...one, quantityBasisDate: on as IsoDate } : one,
  )
  const prices = pricesOf(scenario, on)
  const record = recordFromInception(scenario.activities[0]?.date ?? on, on)
  const values = snapshots({ record, lots }, prices, [...before, on])
  const open = lots
    .map((one) => openQuantity(one, on as IsoDate, prices))
    .reduce((a, b) => (a + b) as never, 0n as never)
  return { values, last: values.at(-1), lots, prices, quantity: formatMicros(open) }
}

const decimals = (text: string, places: number) => Number(text).toFixed(places)

describeWithShared('P&L cases worked out by others', () => {
  const { ghostfolio, arithmetic } = JSON.parse(
    readFileSync(sharedFile('truth/pnl/scenarios.json'), 'utf8'),
  ) as {
    ghostfolio: readonly GhostfolioCase[]
    arithmetic: readonly ArithmeticCase[]
  }
  const theirs = (id: string) => {
    const found = ghostfolio.find((scenario) => scenario.id === id)
    if (found === undefined) throw new Error(`there is no case ${id}`)
    return found
  }

  test.each(arithmetic)(
    '$id: quantity, value, realized, unrealized, dividends to the cent',
    (scenario) => {
      const { fifo } = scenario.expected
      const { last, quantity } = play(scenario)
      expect(quantity).toBe(decimals(fifo['quantity'] ?? '', 6))
      expect(last).toMatchObject({
        netExposure: decimals(fifo['market_value'] ?? '', 2),
        unrealizedPnl: decimals(fifo['unrealised_gross'] ?? '', 2),
        cumulativeRealizedPnl: decimals(fifo['realised_gross'] ?? '', 2),
        cumulativeDividends: decimals(fifo['dividends'] ?? '', 2),
        cumulativePnl: (Number(fifo['net_total']) + Number(fifo['fees'])).toFixed(2),
      })
    },
  )

  test.each(['gf-01-buy', 'gf-03-buy-sell', 'gf-05-buy-buy', 'gf-07-buy-sell-all'])(
    '%s: value and gross performance to the cent',
    (id) => {
      const { expected, ...scenario } = theirs(id)
      const { last, quantity } = play(scenario)
      expect(quantity).toBe(decimals(expected['quantity'] ?? '', 6))
      expect(last?.cumulativePnl).toBe(decimals(expected['gross_performance'] ?? '', 2))
      if (expected['market_value'] === undefined) return
      expect(last?.netExposure).toBe(decimals(expected['market_value'] ?? '', 2))
    },
  )

  test('gf-01-buy: the gain of a day, since Sunday, and of the month', () => {
    const { expected, ...scenario } = theirs('gf-01-buy')
    const since = (date: string) => play(scenario, [date]).last?.dailyPnl
    expect(since('2021-12-17')).toBe(expected['net_1d'])
    expect(since('2021-12-12')).toBe(expected['net_wtd'])
    expect(since('2021-11-30')).toBe(expected['net_mtd'])
  })

  test('gf-09-dividend: performance, dividend, and the gain of a day', () => {
    const { expected, ...scenario } = theirs('gf-09-dividend')
    const { last } = play(scenario, ['2023-07-09'])
    expect(last).toMatchObject({
      dailyPnl: expected['net_1d'],
      cumulativeDividends: expected['dividend'],
      unrealizedPnl: expected['gross_performance_ex_dividend'],
    })
  })

  test.each([
    ['gf-11-split-2-for-1', undefined],
    ['gf-13-sell-after-split', '50'],
  ])('%s: quantity and cost', (id, realised) => {
    const { expected, ...scenario } = theirs(id)
    const { quantity, lots, last } = play({
      ...scenario,
      as_of: '2021-01-01',
      closes: { '2021-01-01': 50 },
    })
    expect(quantity).toBe(decimals(expected['quantity'] ?? '', 6))
    // At a close of the average price what is open is worth what it cost.
    expect(last).toMatchObject({
      netExposure: decimals(expected['investment'] ?? '', 2),
      unrealizedPnl: '0.00',
    })
    expect(lots).toHaveLength(1)
    if (realised !== undefined) expect(last?.cumulativeRealizedPnl).toBe(decimals(realised, 2))
  })

  test('gf-13-sell-after-split: also for a lot entered before the split, on its own share basis', () => {
    const sold = lot({
      quantity: '10',
      entry: '100',
      on: '2020-01-01',
      closed: [['2021-01-01', '5', '60']],
    })
    const prices = market({ ACME: { closes: { '2021-01-01': 50 }, splits: { '2021-01-01': '2' } } })
    const record = recordFromInception('2020-01-02', '2021-01-01')
    expect(snapshots({ record, lots: [sold] }, prices, ['2021-01-01'])).toMatchObject([
      { netExposure: '750.00', cumulativeRealizedPnl: '50.00' },
    ])
    expect(formatMicros(openQuantity(sold, '2021-01-01' as IsoDate, prices))).toBe('15.000000')
  })

  test('gf-15-fee-only: a portfolio without positions', () => {
    const { expected, ...scenario } = theirs('gf-15-fee-only')
    expect(play(scenario).last).toMatchObject({
      netExposure: decimals(expected['market_value'] ?? '', 2),
      cumulativePnl: decimals(expected['net_performance'] ?? '', 2),
    })
  })

  test('gf-17-third-fractions: the position closes exactly', () => {
    const { last, quantity, lots } = play(theirs('gf-17-third-fractions'))
    expect(quantity).toBe('0.000000')
    expect(lots).toHaveLength(2)
    expect(last).toMatchObject({ numPositions: 0, netExposure: '0.00' })
  })

  test('no case is left out', () => {
    expect([...ghostfolio, ...arithmetic].map(({ id }) => id)).toEqual([
      'gf-01-buy',
      'gf-03-buy-sell',
      'gf-05-buy-buy',
      'gf-07-buy-sell-all',
      'gf-09-dividend',
      'gf-11-split-2-for-1',
      'gf-13-sell-after-split',
      'gf-15-fee-only',
      'gf-17-third-fractions',
      'ar-01-short-open',
      'ar-03-short-partial-cover',
      'ar-05-flip-long-to-short',
      'ar-07-two-lots-partial',
      'ar-09-short-through-split',
      'ar-11-long-call-x100',
      'ar-13-dividend-long',
    ])
  })
})
