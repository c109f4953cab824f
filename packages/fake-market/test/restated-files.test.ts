import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWithShared, sharedFile } from '../../core/test/harness/shared-data.ts'
import { startFakeMarket, type FakeMarket, type MarketBar } from '../src/index.ts'
import { closesOf, evening, getChart } from './world.ts'

/** Rows of AAPL in a file of bars as traded or as restated. */
function appleBars(text: string): readonly MarketBar[] {
  return text
    .split('\n')
    .map((line) => line.split(','))
    .filter(([, symbol]) => symbol === 'AAPL')
    .map(([date = '', , ...numbers]) => {
      const [open = 0, high = 0, low = 0, close = 0, volume = 0, dividend = 0, splitRatio = 1] =
        numbers.map(Number)
      return { date, open, high, low, close, volume, dividend, splitRatio }
    })
}

describeWithShared('AAPL as traded from 2012 to 2021', () => {
  let market: FakeMarket
  beforeAll(async () => {
    const packed = readFileSync(sharedFile('data/us-actions/bars.csv.gz'))
    const bars = appleBars(gunzipSync(packed).toString('utf8'))
    market = await startFakeMarket({
      source: {
        symbols: ['AAPL'],
        bars: (symbol) => (symbol === 'AAPL' ? bars : null),
        session: () => null,
      },
      now: () => evening('2014-06-06'),
      random: () => 0,
    })
  })
  afterAll(() => market.stop())

  test.each(['2014-06-06', '2014-06-30'])(
    'is served on %s as the file of that day has it',
    async (day) => {
      market.setNow(evening(day))
      const file = sharedFile(`data/us-actions/aapl-restated-${day}.csv`)
      const expected = appleBars(readFileSync(file, 'utf8'))
      const chart = await getChart(market, 'AAPL', [expected[0]?.date ?? '', '2014-07-01'])
      const closes = closesOf(chart)
      expect(closes).toHaveLength(expected.length)
      for (const [i, bar] of expected.entries()) {
        expect(Number(closes[i]) / (bar.close ?? 0)).toBeCloseTo(1, 6)
      }
      expect(chart.indicators.quote[0]?.volume).toEqual(expected.map(({ volume }) => volume))
      const dividends = Object.values(chart.events?.['dividends'] ?? {})
      const paid = expected.filter(({ dividend }) => dividend !== null && dividend > 0)
      expect(dividends).toMatchObject(
        paid.map(({ dividend }) => ({ amount: Number(dividend?.toFixed(6)) })),
      )
    },
  )
})
