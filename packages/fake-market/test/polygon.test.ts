import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FakeMarket, MarketSource } from '../src/index.ts'
import { evening, getPolygon, SOURCE, startWorld, type PolygonBody } from './world.ts'

const RANGE = '/v2/aggs/ticker/AAPL/range/1/day/2014-06-05/2014-06-10'
const GROUPED = '/v2/aggs/grouped/locale/us/market/stocks'

function closes({ results = [] }: PolygonBody): readonly unknown[] {
  return results.map((result) => result['c'])
}

describe('Polygon', () => {
  let market: FakeMarket
  beforeAll(async () => {
    market = await startWorld()
  })
  beforeEach(() => {
    market.setNow(evening('2014-06-13'))
  })
  afterAll(() => market.stop())

  test('restates aggregates, unless they are asked as traded', async () => {
    expect(closes(await getPolygon(market, RANGE))).toEqual([92.4786, 92.2243, 93.7, 94.25])
    expect(closes(await getPolygon(market, `${RANGE}?adjusted=false`))).toEqual([
      647.35, 645.57, 93.7, 94.25,
    ])
  })

  test('stamps a day with its midnight in New York, in a group with its close', async () => {
    const { results } = await getPolygon(market, RANGE)
    expect(results?.[0]?.['t']).toBe(Date.parse('2014-06-05T04:00:00Z'))
    const group = await getPolygon(market, `${GROUPED}/2014-06-05`)
    expect(group.results?.[0]?.['t']).toBe(Date.parse('2014-06-05T20:00:00Z'))
  })

  test('groups the stocks of a date, indices and options not among them', async () => {
    const { results } = await getPolygon(market, `${GROUPED}/2014-06-06?adjusted=false`)
    expect(results?.map(({ T, c }) => [T, c])).toEqual([
      ['AAPL', 645.57],
      ['BRK.B', 132],
    ])
  })

  test('prices option contracts by their prefixed symbol, with what is unsaid filled in', async () => {
    const path = '/v2/aggs/ticker/O:AAPL140621C00650000/range/1/day/2014-06-01/2014-06-30'
    const { ticker, results } = await getPolygon(market, path)
    expect(ticker).toBe('O:AAPL140621C00650000')
    expect(results).toHaveLength(4)
    expect(results?.[0]).toMatchObject({ o: 5, h: 5, l: 5, c: 5, v: 1 })
  })

  test.each([
    ['an unknown ticker', '/v2/aggs/ticker/NOPE/range/1/day/2014-06-05/2014-06-10'],
    ['days to come', '/v2/aggs/ticker/AAPL/range/1/day/2014-06-14/2014-06-30'],
    ['a date without a session', `${GROUPED}/2014-06-07`],
  ])('answers %s with no results', async (_, path) => {
    const body = await getPolygon(market, path)
    expect(body).toMatchObject({ status: 'OK', resultsCount: 0 })
    expect(body).not.toHaveProperty('results')
  })

  test('gives an open session a partial bar, in a range and in a group', async () => {
    market.setNow(new Date('2014-06-10T15:07:30Z'))
    const { results } = await getPolygon(market, RANGE)
    expect(results?.at(-1)).toMatchObject({ v: 1_750, t: Date.parse('2014-06-10T04:00:00Z') })
    const group = await getPolygon(market, `${GROUPED}/2014-06-10`)
    expect(group.results?.[0]).toMatchObject({ T: 'AAPL', v: 1_750 })
    const earlier = await getPolygon(market, `${GROUPED}/2014-06-09`)
    expect(earlier.results?.[0]).toMatchObject({ T: 'AAPL', c: 93.7, v: 7_000, n: 70 })
  })

  test('keeps the open session out of a range that does not reach it', async () => {
    market.setNow(new Date('2014-06-11T15:00:00Z'))
    expect(closes(await getPolygon(market, RANGE))).toHaveLength(4)
    const later = await getPolygon(market, RANGE.replace(/2014-06-05.*/, '2014-06-12/2014-06-30'))
    expect(closes(later)).toEqual([])
  })

  test('lists splits of a range of dates once they have happened', async () => {
    const path = '/v3/reference/splits?execution_date.gte=2014-06-01&execution_date.lte=2014-06-30'
    expect((await getPolygon(market, path)).results).toEqual([
      { execution_date: '2014-06-09', split_from: 1, split_to: 7, ticker: 'AAPL' },
    ])
    market.setNow(evening('2014-06-06'))
    expect((await getPolygon(market, path)).results).toEqual([])
  })

  test.each([
    ['ex_dividend_date=2014-06-05', [3.29]],
    ['ex_dividend_date.gt=2014-06-05', [0.47]],
    ['ex_dividend_date.gte=2014-06-05&ex_dividend_date.lt=2014-06-11', [3.29]],
    ['ticker=BRK.B', []],
    ['ticker=AAPL', [0.47, 3.29]],
    ['ticker=AAPL&order=asc', [3.29, 0.47]],
  ])('lists dividends as traded by %s', async (filter, amounts) => {
    const { results = [] } = await getPolygon(market, `/v3/reference/dividends?${filter}`)
    expect(results.map(({ cash_amount: amount }) => amount)).toEqual(amounts)
  })

  test('pages by links that keep the filters and leave out the key', async () => {
    const path = '/v3/reference/dividends?ticker=AAPL&limit=1&apiKey=secret'
    const first = await getPolygon(market, path)
    expect(first.results?.map(({ cash_amount: amount }) => amount)).toEqual([0.47])
    const next = new URL(first.next_url ?? '')
    expect(next.origin).toBe(market.url)
    expect(Buffer.from(next.searchParams.get('cursor') ?? '', 'base64url').toString()).toBe(
      'ticker=AAPL&limit=1&offset=1',
    )
    const second = await getPolygon(market, next.pathname + next.search)
    expect(second.results?.map(({ cash_amount: amount }) => amount)).toEqual([3.29])
    expect(second).not.toHaveProperty('next_url')
  })

  test('pages aggregates by their limit too, in the order asked', async () => {
    const first = await getPolygon(market, `${RANGE}?adjusted=false&sort=desc&limit=3`)
    expect(closes(first)).toEqual([94.25, 93.7, 645.57])
    const next = new URL(first.next_url ?? '')
    expect(closes(await getPolygon(market, next.pathname + next.search))).toEqual([647.35])
  })

  test('knows the tickers that trade, indices and unknown ones not among them', async () => {
    const { results } = await getPolygon(market, '/v3/reference/tickers')
    expect(results?.map(({ ticker, active }) => [ticker, active])).toEqual([
      ['AAPL', true],
      ['BRK.B', true],
    ])
    const details = await getPolygon(market, '/v3/reference/tickers/AAPL')
    expect(details.results).toMatchObject({ ticker: 'AAPL', name: 'Apple Inc.', active: true })
    const unknown = await getPolygon(market, '/v3/reference/tickers/NOPE')
    expect(unknown).toMatchObject({ status: 'NOT_FOUND' })
  })

  test('lets nobody in without a key, in the query or as a bearer token', async () => {
    expect((await fetch(market.url + RANGE)).status).toBe(401)
    expect((await fetch(`${market.url}${RANGE}?apiKey=any`)).status).toBe(200)
    expect((await getPolygon(market, RANGE)).status).toBe('OK')
  })

  test.each(['2014-06-31', 'yesterday'])('refuses the date %s', async (date) => {
    const { status } = await fetch(`${market.url}${GROUPED}/${date}?apiKey=any`)
    expect(status).toBe(400)
  })
})

test('a delisted ticker keeps its bars and is found among the inactive ones alone', async () => {
  const source: MarketSource = { ...SOURCE, profile: () => ({ delistedOn: '2014-06-10' }) }
  await using market = await startWorld({ source })
  expect(closes(await getPolygon(market, RANGE))).toHaveLength(4)
  const details = await getPolygon(market, '/v3/reference/tickers/AAPL')
  expect(details.status).toBe('NOT_FOUND')
  const path = '/v3/reference/tickers?ticker=AAPL'
  expect((await getPolygon(market, path)).results).toEqual([])
  expect((await getPolygon(market, `${path}&active=false`)).results).toMatchObject([
    { ticker: 'AAPL', active: false, delisted_utc: '2014-06-10T00:00:00Z' },
  ])
})

test('more calls in a minute than the plan allows are answered with 429, on its own clock', async () => {
  let seconds = 0
  await using market = await startWorld({
    source: SOURCE,
    script: { startsPerMinute: { polygon: 2 } },
    steadyMs: () => seconds * 1000,
  })
  const statuses: number[] = []
  for (seconds of [0, 30, 59.9, 60, 95, 120.1]) {
    statuses.push((await fetch(`${market.url}${RANGE}?apiKey=any`)).status)
  }
  expect(statuses).toEqual([200, 200, 429, 429, 429, 200])
  expect(market.requests.map(({ fault }) => fault)).toEqual([
    null,
    null,
    'limit',
    'limit',
    'limit',
    null,
  ])
})
