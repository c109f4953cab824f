import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import fc from '../../core/test/harness/fast-check.ts'
import { startFakeMarket, type FakeMarket } from '../src/index.ts'
import {
  bar,
  chartPath,
  closesOf,
  DAYS,
  evening,
  getChart,
  getJson,
  HISTORIES,
  openSeconds,
  SOURCE,
  startWorld,
  type ChartBody,
} from './world.ts'

const AAPL = (HISTORIES['AAPL'] ?? []).map(({ close }) => close ?? Number.NaN)

describe('the chart', () => {
  let market: FakeMarket
  beforeAll(async () => {
    market = await startWorld()
  })
  beforeEach(() => {
    market.setNow(evening('2014-06-13'))
  })
  afterAll(() => market.stop())

  test('serves closes before a split as traded until it happens', async () => {
    market.setNow(evening('2014-06-06'))
    const closes = closesOf(await getChart(market))
    expect(closes).toEqual(AAPL.slice(0, 5).map(Math.fround))
  })

  test('serves closes before a 7:1 divided by 7 after it, those from it on unchanged', async () => {
    const closes = closesOf(await getChart(market))
    const expected = AAPL.map((close, i) => Math.fround(i < 5 ? close / 7 : close))
    expect(closes).toEqual(expected)
  })

  test('multiplies volumes as it divides prices', async () => {
    const { indicators } = await getChart(market)
    expect(indicators.quote[0]?.volume?.slice(4, 6)).toEqual([49_000, 7_000])
  })

  test('restates at the open of the split day, not before', async () => {
    market.setNow(new Date('2014-06-09T13:29:59Z'))
    expect(closesOf(await getChart(market))[4]).toBe(Math.fround(645.57))
    market.setNow(new Date('2014-06-09T13:30:00Z'))
    expect(closesOf(await getChart(market))[4]).toBe(Math.fround(645.57 / 7))
  })

  test('restates a window that ends before the split, and does not list the split there', async () => {
    const before = await getChart(market, 'AAPL', ['2014-06-05', '2014-06-07'])
    expect(closesOf(before)[1]).toBe(Math.fround(645.57 / 7))
    expect(before.events).toEqual({
      dividends: { [openSeconds('2014-06-05')]: { amount: 0.47, date: openSeconds('2014-06-05') } },
    })
  })

  test('lists the events of the window at the opens of their days', async () => {
    const { events } = await getChart(market, 'AAPL', ['2014-06-06', '2014-06-14'])
    const splitAt = openSeconds('2014-06-09')
    expect(events).toEqual({
      dividends: { [openSeconds('2014-06-11')]: { amount: 0.47, date: openSeconds('2014-06-11') } },
      splits: {
        [splitAt]: { date: splitAt, numerator: 7, denominator: 1, splitRatio: '7:1' },
      },
    })
  })

  test('lists no events unless they are asked for', async () => {
    const path = chartPath('AAPL', '2014-06-01', '2014-06-14').replace(/&events.*/, '')
    const body = await getJson<ChartBody>(market.url + path)
    expect(body.chart.result?.[0]).not.toHaveProperty('events')
  })

  test('takes later dividends out of adjusted closes', async () => {
    const { indicators } = await getChart(market)
    const adjusted = indicators.adjclose[0]?.adjclose ?? []
    const later = 1 - 0.47 / 94.25
    expect(adjusted[2]).toBeCloseTo((644.82 / 7) * (1 - 3.29 / 644.82) * later, 4)
    expect(adjusted[6]).toBeCloseTo(94.25 * later, 4)
    expect(adjusted[7]).toBe(Math.fround(93.86))
  })

  test('serves nothing after its clock', async () => {
    market.setNow(evening('2014-06-04'))
    const { timestamp, meta } = await getChart(market)
    expect(timestamp).toEqual(DAYS.slice(0, 3).map(openSeconds))
    expect(meta['regularMarketPrice']).toBe(644.82)
  })

  test('appends the session that is open, stamped now, with a part of its volume', async () => {
    market.setNow(new Date('2014-06-05T15:07:30Z'))
    const { timestamp, indicators, meta } = await getChart(market)
    const now = Date.parse('2014-06-05T15:07:30Z') / 1000
    expect(timestamp?.slice(-2)).toEqual([openSeconds('2014-06-04'), now])
    expect(indicators.quote[0]?.volume?.at(-1)).toBe(1_750)
    expect(indicators.quote[0]?.close?.at(-1)).toBe(Math.fround(646.35 + 0.25))
    expect(meta['regularMarketTime']).toBe(now)
  })

  test('keeps the open session out of a window that does not reach it', async () => {
    market.setNow(new Date('2014-06-05T15:07:30Z'))
    const past = await getChart(market, 'AAPL', ['2014-06-02', '2014-06-05'])
    expect(past.timestamp).toEqual(DAYS.slice(0, 3).map(openSeconds))
    const future = await getChart(market, 'AAPL', ['2014-06-06', '2014-06-14'])
    expect(future.timestamp).toBeUndefined()
  })

  test('says today’s hours and the close before the window, on the basis of now', async () => {
    const { meta } = await getChart(market, 'AAPL', ['2014-06-09', '2014-06-14'])
    expect(meta['chartPreviousClose']).toBe(92.224)
    expect(meta['currentTradingPeriod']).toMatchObject({
      pre: { start: Date.parse('2014-06-13T08:00:00Z') / 1000 },
      regular: { start: openSeconds('2014-06-13'), timezone: 'EDT', gmtoffset: -14_400 },
      post: { end: Date.parse('2014-06-14T00:00:00Z') / 1000 },
    })
  })

  test('answers a window without sessions with a result without bars', async () => {
    const { timestamp, indicators } = await getChart(market, 'AAPL', ['2014-06-07', '2014-06-09'])
    expect(timestamp).toBeUndefined()
    expect(indicators).toEqual({ quote: [{}], adjclose: [{}] })
  })

  test.each([
    ['an unknown symbol', chartPath('NOPE', '2014-06-01', '2014-06-14'), 404, 'Not Found'],
    [
      'a share class with a point',
      chartPath('BRK.B', '2014-06-01', '2014-06-14'),
      404,
      'Not Found',
    ],
    [
      'a time before the first bar',
      chartPath('AAPL', '2014-05-01', '2014-05-14'),
      400,
      'Bad Request',
    ],
    ['an empty period', chartPath('AAPL', '2014-06-14', '2014-06-01'), 400, 'Bad Request'],
  ])('refuses %s', async (_, path, status, code) => {
    const response = await fetch(market.url + path)
    const body = (await response.json()) as ChartBody
    expect([response.status, body.chart.result, body.chart.error?.code]).toEqual([
      status,
      null,
      code,
    ])
  })

  test('knows share classes by a hyphen and indices by their caret', async () => {
    const berkshire = await getChart(market, 'BRK-B')
    expect(berkshire.meta['symbol']).toBe('BRK-B')
    expect(closesOf(berkshire)[0]).toBe(128)
    const index = await getChart(market, '%5EGSPC')
    expect(index.meta['instrumentType']).toBe('INDEX')
    expect(closesOf(index)[0]).toBe(1900)
  })
})

test('a symbol is forgotten the day after it was delisted', async () => {
  await using market = await startWorld({
    source: { ...SOURCE, profile: () => ({ delistedOn: '2014-06-10' }) },
  })
  market.setNow(evening('2014-06-10'))
  expect(closesOf(await getChart(market))).toHaveLength(7)
  market.setNow(evening('2014-06-11'))
  await expect(getChart(market)).rejects.toThrow('No data found, symbol may be delisted')
})

test('whatever the splits, a served close times the later splits is the traded close', async () => {
  const ratio = fc.constantFrom(1, 1, 1, 2, 3, 7, 0.1, 0.125, 1.5)
  const worlds = fc.array(fc.record({ ratio, cents: fc.integer({ min: 100, max: 1e6 }) }), {
    minLength: 1,
    maxLength: DAYS.length,
  })
  await fc.assert(
    fc.asyncProperty(worlds, async (days) => {
      const bars = days.map(({ ratio: splitRatio, cents }, i) =>
        bar(DAYS[i] ?? '', cents / 100, { splitRatio }),
      )
      await using market = await startFakeMarket({
        source: { ...SOURCE, symbols: ['ANY'], bars: () => bars },
        now: () => evening('2014-06-13'),
        random: () => 0,
      })
      const closes = closesOf(await getChart(market, 'ANY'))
      for (const [i, { cents }] of days.entries()) {
        const later = days.slice(i + 1).reduce((product, day) => product * day.ratio, 1)
        expect((Number(closes[i]) * later * 100) / cents).toBeCloseTo(1, 6)
      }
    }),
    { numRuns: 25 },
  )
})
