import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FakeMarket, Script } from '../src/index.ts'
import {
  closesOf,
  enterYahoo,
  evening,
  getChart,
  getJson,
  getPolygon,
  openSeconds,
  startWorld,
  type ChartResult,
} from './world.ts'

type Fault = NonNullable<Script['rules']>[number]['fault']

/** Three sessions without a split. */
const WINDOW = ['2014-06-10', '2014-06-13']
const SOUND = [94.25, 93.86, 92.29]
const RANGE = '/v2/aggs/ticker/AAPL/range/1/day/2014-06-10/2014-06-12?adjusted=false'

describe('in the content', () => {
  let market: FakeMarket
  beforeAll(async () => {
    market = await startWorld()
  })
  beforeEach(() => {
    market.setNow(evening('2014-06-13'))
  })
  afterAll(() => market.stop())

  function chartWith(fault: Fault, window = WINDOW): Promise<ChartResult> {
    market.setScript({ rules: [{ fault }] })
    return getChart(market, 'AAPL', window)
  }

  async function aggregatesWith(fault: Fault, path = RANGE) {
    market.setScript({ rules: [{ fault }] })
    const { results = [], ...rest } = await getPolygon(market, path)
    return { ...rest, results, closes: results.map(({ c }) => c) }
  }

  test.each([
    [undefined, [94.25, 93.86, null]],
    ['first', [null, 93.86, 92.29]],
    ['middle', [94.25, null, 92.29]],
    ['all', [null, null, null]],
  ] as const)('null_bars empties the rows chosen by %s', async (rows, closes) => {
    const fault = { kind: 'null_bars', ...(rows && { rows }) } as const
    const { indicators, timestamp } = await chartWith(fault)
    expect(indicators.quote[0]?.close).toEqual(closes.map((close) => close && Math.fround(close)))
    expect(indicators.quote[0]?.volume?.includes(null)).toBe(true)
    expect(timestamp).toHaveLength(3)
    expect((await aggregatesWith(fault)).closes).toEqual(closes)
  })

  test('negative_price turns the sign of a row', async () => {
    const { closes, results } = await aggregatesWith({ kind: 'negative_price' })
    expect(closes).toEqual([94.25, 93.86, -92.29])
    expect(results[2]?.['o']).toBe(-91.29)
  })

  test('times_100 moves the point of a row', async () => {
    const closes = closesOf(await chartWith({ kind: 'times_100' }))
    expect(closes[1]).toBe(Math.fround(93.86))
    expect(closes[2]).toBeCloseTo(9229, 3)
  })

  test('volume_as_text makes a string of a number', async () => {
    const { results } = await aggregatesWith({ kind: 'volume_as_text', rows: 'all' })
    expect(results.map(({ v }) => v)).toEqual(['7000', '7000', '7000'])
  })

  test('duplicate_days gives every day twice', async () => {
    const { timestamp } = await chartWith({ kind: 'duplicate_days' })
    expect(timestamp?.slice(0, 3)).toEqual([
      openSeconds('2014-06-10'),
      openSeconds('2014-06-10'),
      openSeconds('2014-06-11'),
    ])
  })

  test('unsorted_days gives the same days in another order', async () => {
    const { closes } = await aggregatesWith({ kind: 'unsorted_days' })
    expect(closes).not.toEqual(SOUND)
    expect(closes.toSorted()).toEqual(SOUND.toSorted())
  })

  test('partial_bar adds the next session half way through, though it is not open', async () => {
    market.setNow(evening('2014-06-11'))
    const { timestamp, indicators } = await chartWith({ kind: 'partial_bar' })
    expect(timestamp?.at(-1)).toBe(Date.parse('2014-06-12T16:45:00Z') / 1000)
    expect(indicators.quote[0]?.volume?.at(-1)).toBe(3_500)
    expect((await aggregatesWith({ kind: 'partial_bar' })).results.at(-1)).toMatchObject({
      v: 3_500,
      t: Date.parse('2014-06-12T04:00:00Z'),
    })
  })

  test('wrong_symbol names another one, in every kind of answer that names one', async () => {
    const fault: Fault = { kind: 'wrong_symbol' }
    expect((await chartWith(fault)).meta['symbol']).toBe('WRONG')
    expect((await aggregatesWith(fault)).ticker).toBe('WRONG')
    const group = '/v2/aggs/grouped/locale/us/market/stocks/2014-06-12'
    expect((await aggregatesWith(fault, group)).results.map(({ T }) => T)).toEqual([
      'WRONG',
      'WRONG',
    ])
    const splits = await aggregatesWith(fault, '/v3/reference/splits')
    expect(splits.results[0]?.['ticker']).toBe('WRONG')
  })

  test('split_without_restated_prices lists the split that prices do not know', async () => {
    const window = ['2014-06-05', '2014-06-11']
    const chart = await chartWith({ kind: 'split_without_restated_prices' }, window)
    expect(closesOf(chart)).toEqual([647.35, 645.57, 93.7, 94.25].map(Math.fround))
    expect(Object.keys(chart.events?.['splits'] ?? {})).toEqual([String(openSeconds('2014-06-09'))])
  })

  test('split_without_restated_prices invents a 4:1 where there is none', async () => {
    const fault: Fault = { kind: 'split_without_restated_prices' }
    const chart = await chartWith(fault)
    expect(closesOf(chart)).toEqual(SOUND.map(Math.fround))
    expect(Object.values(chart.events?.['splits'] ?? {})).toMatchObject([
      { date: openSeconds('2014-06-11'), splitRatio: '4:1' },
    ])
    const listed = await aggregatesWith(fault, '/v3/reference/splits?ticker=BRK.B')
    expect(listed.results).toEqual([
      { execution_date: '2014-06-12', split_from: 1, split_to: 4, ticker: 'BRK.B' },
    ])
  })

  test('restated_prices_without_split hides the split that prices know', async () => {
    const fault: Fault = { kind: 'restated_prices_without_split' }
    const chart = await chartWith(fault, ['2014-06-06', '2014-06-10'])
    expect(closesOf(chart)).toEqual([645.57 / 7, 93.7].map(Math.fround))
    expect(chart).not.toHaveProperty('events')
    const range = '/v2/aggs/ticker/AAPL/range/1/day/2014-06-06/2014-06-09?adjusted=false'
    expect((await aggregatesWith(fault, range)).closes).toEqual([92.2243, 93.7])
  })

  test('restated_prices_without_split invents a 4:1 where there is none', async () => {
    const fault: Fault = { kind: 'restated_prices_without_split' }
    const chart = await chartWith(fault)
    expect(closesOf(chart)).toEqual([94.25 / 4, 93.86, 92.29].map(Math.fround))
    expect(chart.events).toEqual({ dividends: expect.anything() })
    const group = '/v2/aggs/grouped/locale/us/market/stocks/2014-06-12?adjusted=false'
    expect((await aggregatesWith(fault, group)).closes).toEqual([23.0725, 34])
  })

  test('an answer about many symbols is wrong for those alone that the rule means', async () => {
    const rule = { match: { symbol: 'BRK' }, fault: { kind: 'times_100' } } as const
    market.setScript({ rules: [rule] })
    const group = '/v2/aggs/grouped/locale/us/market/stocks/2014-06-12'
    const { results } = await getPolygon(market, group)
    expect(results?.map(({ c }) => c)).toEqual([92.29, 13_600])
    const { cookie, crumb } = await enterYahoo(market)
    const url = `${market.url}/v7/finance/quote?symbols=AAPL,BRK-B&crumb=${crumb}`
    const { quoteResponse } = await getJson<{
      quoteResponse: { result: readonly { regularMarketPrice: number }[] }
    }>(url, { cookie })
    expect(quoteResponse.result.map((quote) => quote.regularMarketPrice)).toEqual([91.28, 13_700])
  })

  test('invalid_crumb refuses the crumb in use and lets a new one in', async () => {
    market.setScript({ rules: [{ calls: 'first', fault: { kind: 'invalid_crumb' } }] })
    const statuses: number[] = []
    for (let round = 0; round < 2; round++) {
      const { cookie, crumb } = await enterYahoo(market)
      const url = `${market.url}/v7/finance/quote?symbols=AAPL&crumb=${crumb}`
      statuses.push((await fetch(url, { headers: { cookie } })).status)
    }
    expect(statuses).toEqual([401, 200])
  })

  test('a sound answer comes when no fault is scripted', async () => {
    market.setScript({})
    expect(closesOf(await getChart(market, 'AAPL', WINDOW))).toEqual(SOUND.map(Math.fround))
  })
})
