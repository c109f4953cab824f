import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWithShared, sharedFile } from '../../core/test/harness/shared-data.ts'
import type { FakeMarket } from '../src/index.ts'
import { chartPath, enterYahoo, evening, getJson, startWorld } from './world.ts'

type Tree = Readonly<Record<string, unknown>>

/** The paths of all keys in an answer; items of a list count as one, keys that are numbers as `#`. */
function shapeOf(value: unknown, path = ''): ReadonlySet<string> {
  if (Array.isArray(value)) {
    return new Set(value.flatMap((item) => [...shapeOf(item, `${path}[]`)]))
  }
  if (typeof value !== 'object' || value === null) return new Set([path])
  return new Set(
    Object.entries(value).flatMap(([key, item]) => {
      const name = `${path}.${key.replace(/^\d+$/, '#')}`
      return [name, ...shapeOf(item, name)]
    }),
  )
}

function yahooRecording(path: string): Tree {
  const file = sharedFile(`data/yahoo-recordings/fixtures/${path}.json`)
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as { response: { bodyJson: Tree } }
  return response.bodyJson
}

function polygonRecording(path: string): Tree {
  const file = sharedFile(`data/polygon-recordings/test_rest/mocks/${path}.json`)
  return JSON.parse(readFileSync(file, 'utf8')) as Tree
}

describeWithShared('beside recorded answers', () => {
  let market: FakeMarket
  beforeAll(async () => {
    market = await startWorld()
    market.setNow(evening('2014-06-13'))
  })
  afterAll(() => market.stop())

  test('a chart has the same keys', async () => {
    const body = await getJson(market.url + chartPath('AAPL', '2014-06-01', '2014-06-14'))
    const recorded = yahooRecording('chart/chart-AAPL-2020-08-31-to-2020-11-07')
    expect(shapeOf(body)).toEqual(shapeOf(recorded))
  })

  test('a window without events has the same keys as one recorded', async () => {
    const body = await getJson(market.url + chartPath('AAPL', '2014-06-02', '2014-06-04'))
    const recorded = yahooRecording('chart/chart-AAPL-2020-01-01-to-2020-01-03')
    expect(shapeOf(body)).toEqual(shapeOf(recorded))
  })

  test.each([
    'price',
    'quoteType',
    'summaryDetail',
    'defaultKeyStatistics',
    'assetProfile',
    'calendarEvents',
  ])('the module %s has no key that a recorded one lacks', async (module) => {
    const { cookie, crumb } = await enterYahoo(market)
    const path = `/v10/finance/quoteSummary/AAPL?modules=${module}&crumb=${crumb}`
    const shape = shapeOf(await getJson(market.url + path, { cookie }))
    const recorded = shapeOf(yahooRecording(`quoteSummary/quoteSummary-${module}-AAPL`))
    expect([...shape].filter((key) => !recorded.has(key))).toEqual([])
  })

  test('a quote has no key that a recorded one lacks', async () => {
    const { cookie, crumb } = await enterYahoo(market)
    const url = `${market.url}/v7/finance/quote?symbols=AAPL&crumb=${crumb}`
    const shape = shapeOf(await getJson(url, { cookie }))
    const recorded = shapeOf(yahooRecording('quote/quote-AAPL'))
    expect([...shape].filter((key) => !recorded.has(key))).toEqual([])
  })

  test('a symbol without fundamentals is refused in the same words', async () => {
    const { cookie, crumb } = await enterYahoo(market)
    const path = `/v10/finance/quoteSummary/BRK-B?modules=assetProfile&crumb=${crumb}`
    const recorded = yahooRecording('quoteSummary/quoteSummary-assetProfile-ADH')
    expect(await getJson(market.url + path, { cookie })).toEqual(recorded)
  })

  test('series without values are as recorded ones', async () => {
    const recorded = yahooRecording(
      'fundamentalsTimeSeries/fundamentalsTimeSeries-EURGBP-unexpected-results.fake',
    )
    const path = '/ws/fundamentals-timeseries/v1/finance/timeseries/NOPE?type=annualTotalRevenue'
    expect(shapeOf(await getJson(market.url + path))).toEqual(shapeOf(recorded))
  })

  test.each([
    [
      '/v2/aggs/ticker/AAPL/range/1/day/2014-06-02/2014-06-04',
      'v2/aggs/ticker/AAPL/range/1/day/2005-04-01/2005-04-04',
    ],
    [
      '/v2/aggs/grouped/locale/us/market/stocks/2014-06-02',
      'v2/aggs/grouped/locale/us/market/stocks/2005-04-04&adjusted=true',
    ],
    ['/v3/reference/splits', 'v3/reference/splits'],
    ['/v3/reference/dividends', 'v3/reference/dividends'],
  ])('%s has the same keys', async (path, recording) => {
    const body = await getJson(market.url + path, { authorization: 'Bearer any' })
    expect(shapeOf(body)).toEqual(shapeOf(polygonRecording(recording)))
  })

  test.each([
    ['/v3/reference/tickers/AAPL', 'v3/reference/tickers/AAPL'],
    ['/v3/reference/tickers?limit=1', 'v3/reference/tickers'],
  ])('%s has no key that a recorded one lacks', async (path, recording) => {
    const body = await getJson(market.url + path, { authorization: 'Bearer any' })
    const recorded = shapeOf(polygonRecording(recording))
    expect([...shapeOf(body)].filter((key) => !recorded.has(key))).toEqual([])
  })

  test('the link to a next page is one to the same path with nothing but a cursor', async () => {
    const path = '/v3/reference/dividends?limit=1&apiKey=any'
    const { next_url: next = '' } = await getJson<{ next_url?: string }>(market.url + path)
    const recorded = new URL(String(polygonRecording('v3/reference/options/contracts')['next_url']))
    expect([...new URL(next).searchParams.keys()]).toEqual([...recorded.searchParams.keys()])
    expect(new URL(next).pathname).toBe('/v3/reference/dividends')
  })
})
