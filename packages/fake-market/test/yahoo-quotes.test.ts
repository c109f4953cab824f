import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FakeMarket } from '../src/index.ts'
import { enterYahoo, evening, getJson, startWorld } from './world.ts'

interface QuoteBody {
  readonly quoteResponse: { readonly result: readonly Readonly<Record<string, unknown>>[] }
}

interface SummaryBody {
  readonly quoteSummary: {
    readonly result: readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[] | null
    readonly error: { readonly description: string } | null
  }
}

interface SeriesBody {
  readonly timeseries: { readonly result: readonly Readonly<Record<string, unknown>>[] }
}

const INVALID_CRUMB = {
  finance: { result: null, error: { code: 'Unauthorized', description: 'Invalid Crumb' } },
}

describe('Yahoo beside the chart', () => {
  let market: FakeMarket
  beforeAll(async () => {
    market = await startWorld()
  })
  beforeEach(() => {
    market.setNow(evening('2014-06-13'))
  })
  afterAll(() => market.stop())

  async function get<T>(path: string): Promise<T> {
    const { cookie, crumb } = await enterYahoo(market)
    return getJson<T>(`${market.url}${path}&crumb=${crumb}`, { cookie })
  }

  test('quotes many symbols at once and leaves out what it does not know', async () => {
    const { quoteResponse } = await get<QuoteBody>('/v7/finance/quote?symbols=AAPL,NOPE,BRK-B')
    const [apple, berkshire] = quoteResponse.result
    expect(quoteResponse.result).toHaveLength(2)
    expect(apple).toMatchObject({
      symbol: 'AAPL',
      regularMarketPrice: 91.28,
      regularMarketPreviousClose: 92.29,
      regularMarketChange: 91.28 - 92.29,
      regularMarketChangePercent: (100 * (91.28 - 92.29)) / (91.28 - (91.28 - 92.29)),
      regularMarketVolume: 7_000,
      regularMarketTime: Date.parse('2014-06-13T20:00:00Z') / 1000,
      marketState: 'CLOSED',
      marketCap: 91_280,
      trailingPE: 20,
      // 3.29 before the 7:1 is 0.47 now: 0.94 of 91.28, in per cent.
      dividendYield: 1.03,
    })
    expect(berkshire).toMatchObject({ symbol: 'BRK-B', regularMarketPrice: 137 })
  })

  test('puts the previous close of a split day on the new basis', async () => {
    market.setNow(evening('2014-06-09'))
    const { quoteResponse } = await get<QuoteBody>('/v7/finance/quote?symbols=AAPL')
    expect(quoteResponse.result[0]?.['regularMarketPreviousClose']).toBeCloseTo(645.57 / 7, 4)
  })

  test('summarises the asked modules that have something to say', async () => {
    const path = '/v10/finance/quoteSummary/AAPL?modules=assetProfile,summaryDetail,financialData'
    const { quoteSummary } = await get<SummaryBody>(path)
    const [modules] = quoteSummary.result ?? []
    expect(Object.keys(modules ?? {})).toEqual(['assetProfile', 'summaryDetail'])
    expect(modules?.['assetProfile']).toMatchObject({ sector: 'Technology' })
    expect(modules?.['summaryDetail']?.['dividendYield']).toBeCloseTo(0.94 / 91.28, 8)
  })

  test('tells the change of the day, the first day, the last split and the next earnings', async () => {
    const modules = 'price,quoteType,defaultKeyStatistics,calendarEvents'
    const path = `/v10/finance/quoteSummary/AAPL?modules=${modules}`
    const { quoteSummary } = await get<SummaryBody>(path)
    const second = (instant: string) => Date.parse(instant) / 1000
    expect(quoteSummary.result?.[0]).toMatchObject({
      price: {
        regularMarketChange: 91.28 - 92.29,
        regularMarketTime: second('2014-06-13T20:00:00Z'),
      },
      quoteType: { firstTradeDateEpochUtc: second('2014-06-02T13:30:00Z') },
      defaultKeyStatistics: {
        lastSplitFactor: '7:1',
        lastSplitDate: second('2014-06-09T00:00:00Z'),
      },
      calendarEvents: { earnings: { earningsDate: [second('2014-07-22T20:30:00Z')] } },
    })
  })

  test('says which modules it has nothing for, and which symbol it does not know', async () => {
    const path = '/v10/finance/quoteSummary/BRK-B?modules=assetProfile'
    const { quoteSummary } = await get<SummaryBody>(path)
    expect(quoteSummary.error?.description).toBe(
      'No fundamentals data found for any of the summaryTypes=assetProfile',
    )
    const unknown = await get<SummaryBody>('/v10/finance/quoteSummary/NOPE?modules=price')
    expect(unknown.quoteSummary.error?.description).toBe('Quote not found for symbol: NOPE')
  })

  test('serves statements once they are published, values under the third key', async () => {
    const types = 'quarterlyTotalRevenue,quarterlyBasicEPS,annualTotalRevenue'
    const path = `/ws/fundamentals-timeseries/v1/finance/timeseries/AAPL?period1=0&period2=1500000000&type=${types}`
    const { timeseries } = await getJson<SeriesBody>(market.url + path)
    const [revenue, , annual] = timeseries.result
    expect(Object.keys(revenue ?? {})).toEqual(['meta', 'timestamp', 'quarterlyTotalRevenue'])
    expect(revenue?.['quarterlyTotalRevenue']).toMatchObject([
      { asOfDate: '2014-03-31', periodType: '3M', reportedValue: { raw: 45_646e6 } },
    ])
    expect(annual).toEqual({ meta: { symbol: ['AAPL'], type: ['annualTotalRevenue'] } })
  })

  test('serves the statements of the asked period alone, both ends included', async () => {
    const periodEnd = Date.parse('2014-03-31T00:00:00Z') / 1000
    const ask = async (from: number, to: number) => {
      const path = '/ws/fundamentals-timeseries/v1/finance/timeseries/AAPL'
      const query = `period1=${from}&period2=${to}&type=quarterlyTotalRevenue`
      const { timeseries } = await getJson<SeriesBody>(`${market.url}${path}?${query}`)
      return 'timestamp' in (timeseries.result[0] ?? {})
    }
    expect(await ask(periodEnd, periodEnd)).toBe(true)
    expect(await ask(periodEnd + 1, periodEnd + 2)).toBe(false)
    expect(await ask(0, periodEnd - 1)).toBe(false)
  })

  test('lets nobody quote without cookie or with a crumb of another cookie', async () => {
    const first = await enterYahoo(market)
    const second = await enterYahoo(market)
    const quote = `${market.url}/v7/finance/quote?symbols=AAPL&crumb=`
    const wrong = await fetch(quote + first.crumb, { headers: { cookie: second.cookie } })
    expect([wrong.status, await wrong.json()]).toEqual([401, INVALID_CRUMB])
    expect((await fetch(quote + first.crumb)).status).toBe(401)
    expect((await fetch(quote + first.crumb, { headers: { cookie: first.cookie } })).status).toBe(
      200,
    )
  })

  test('refuses old crumbs after a rotation, and gives out new ones', async () => {
    const { cookie, crumb } = await enterYahoo(market)
    market.rotateCrumb()
    const quote = `${market.url}/v7/finance/quote?symbols=AAPL&crumb=`
    const refused = await fetch(quote + crumb, { headers: { cookie } })
    expect([refused.status, await refused.json()]).toEqual([401, INVALID_CRUMB])
    const renewed = await enterYahoo(market)
    expect(renewed.crumb).not.toBe(crumb)
    const { status } = await fetch(quote + renewed.crumb, { headers: { cookie: renewed.cookie } })
    expect(status).toBe(200)
  })
})
