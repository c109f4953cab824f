import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { FAULT_KINDS, type FakeMarket, type MarketSource, type Script } from '../src/index.ts'
import { reaches } from '../src/script/fault-reach.ts'
import { ENDPOINTS } from '../src/script/script.ts'
import {
  bar,
  chartPath,
  DAYS,
  enterYahoo,
  evening,
  getPolygon,
  SOURCE,
  startWorld,
} from './world.ts'

type Fault = NonNullable<Script['rules']>[number]['fault']

/** Long enough for a local answer, short enough to wait for one that does not come. */
const PATIENCE_MS = 600

describe('on the wire', () => {
  let market: FakeMarket
  beforeAll(async () => {
    market = await startWorld()
  })
  afterAll(() => market.stop())

  function suffer(fault: Fault): string {
    market.setScript({ rules: [{ fault }] })
    return market.url + chartPath('AAPL', '2014-06-01', '2014-06-14')
  }

  function outcome() {
    const { status, fault } = market.requests.at(-1) ?? {}
    return { status, fault }
  }

  test.each([
    [429, undefined, null, /^Too Many Requests/],
    [429, 30, '30', /^Too Many Requests/],
    [429, 'Fri, 13 Jun 2014 21:01:00 GMT', 'Fri, 13 Jun 2014 21:01:00 GMT', /^Too Many/],
    [500, undefined, null, /^Internal Server Error$/],
    [503, 5, '5', /^Internal Server Error$/],
    [401, undefined, null, /"Unauthorized"/],
    [404, undefined, null, /"No data found, symbol may be delisted"/],
  ])('status %s with Retry-After %s is just that', async (status, retryAfter, header, body) => {
    const fault: Fault = { kind: 'status', status, ...(retryAfter !== undefined && { retryAfter }) }
    const response = await fetch(suffer(fault))
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, header])
    expect(await response.text()).toMatch(body)
    expect(outcome()).toEqual({ status, fault: 'status' })
  })

  test('an error of Polygon is worded as Polygon does', async () => {
    suffer({ kind: 'status', status: 429 })
    expect(await getPolygon(market, '/v3/reference/splits')).toMatchObject({ status: 'ERROR' })
  })

  test('a timeout is silence', async () => {
    const before = market.requests.length
    const patience = new AbortController()
    const answer = fetch(suffer({ kind: 'timeout' }), { signal: patience.signal })
    while (market.requests.length === before) await new Promise(setImmediate)
    setTimeout(() => {
      patience.abort(new Error('no answer'))
    }, PATIENCE_MS)
    await expect(answer).rejects.toThrow('no answer')
    expect(outcome()).toEqual({ status: null, fault: 'timeout' })
  })

  test('a stall gives headers and half of the body, then silence', async () => {
    const { length, received } = await new Promise<{ length: number; received: number }>((done) => {
      let received = 0
      const asked = request(suffer({ kind: 'stall' }), (response) => {
        response.on('data', (chunk: Buffer) => {
          received += chunk.length
          setTimeout(() => {
            done({ length: Number(response.headers['content-length']), received })
            asked.destroy()
          }, PATIENCE_MS)
        })
        response.on('error', () => undefined)
      })
      asked.on('error', () => undefined).end()
    })
    expect(length).toBeGreaterThan(1_000)
    expect(received).toBe(Math.ceil(length / 2))
  })

  test('a reset is a connection reset', async () => {
    const error = await fetch(suffer({ kind: 'reset' })).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ cause: { code: 'ECONNRESET' } })
  })

  test.each([
    ['html', 'text/html; charset=utf-8', /^<!DOCTYPE html>/],
    ['empty', 'application/json', /^$/],
    ['empty_object', 'application/json', /^\{\}$/],
  ] as const)('%s comes with status 200', async (kind, type, body) => {
    const response = await fetch(suffer({ kind }))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
    expect(await response.text()).toMatch(body)
  })

  test('a stop ends the connections that faults hold', async () => {
    const held = await startWorld({ script: { rules: [{ fault: { kind: 'timeout' } }] } })
    const asked = fetch(`${held.url}/quote/AAPL`).catch(() => 'ended')
    while (held.requests.length === 0) await new Promise(setImmediate)
    await held.stop()
    expect(await asked).toBe('ended')
  })
})

const PATHS = {
  cookie: '/quote/AAPL',
  crumb: '/v1/test/getcrumb',
  chart: chartPath('AAPL', '2014-06-01', '2014-06-14'),
  quote: '/v7/finance/quote?symbols=AAPL,BRK-B,NOPE',
  quoteSummary: '/v10/finance/quoteSummary/AAPL?modules=price',
  fundamentals: '/ws/fundamentals-timeseries/v1/finance/timeseries/AAPL?type=annualEBIT',
  aggregates: '/v2/aggs/ticker/AAPL/range/1/day/2014-06-05/2014-06-10?adjusted=false',
  grouped: '/v2/aggs/grouped/locale/us/market/stocks/2014-06-10',
  splits: '/v3/reference/splits',
  dividends: '/v3/reference/dividends',
  tickerDetails: '/v3/reference/tickers/AAPL',
  tickers: '/v3/reference/tickers',
}

/** A list of splits can only be out of order when there are two. */
const TWO_SPLITS: MarketSource = {
  ...SOURCE,
  bars: (symbol) =>
    symbol === 'BRK.B'
      ? DAYS.map((date) => bar(date, 128, { splitRatio: date === '2014-06-04' ? 2 : 1 }))
      : SOURCE.bars(symbol),
}

test.each(FAULT_KINDS)(
  '%s changes every kind of answer that it can touch, and no other',
  async (kind) => {
    await using market = await startWorld({ source: TWO_SPLITS, random: () => 0 })
    market.setNow(evening('2014-06-11'))
    const fault = kind === 'status' ? ({ kind, status: 503 } as const) : { kind }
    for (const endpoint of ENDPOINTS.filter((name) => name !== 'cookie')) {
      market.setScript({})
      const { cookie, crumb } = await enterYahoo(market)
      const headers = { cookie, authorization: 'Bearer any' }
      const path = PATHS[endpoint]
      const url = `${market.url}${path}${path.includes('?') ? '&' : '?'}crumb=${crumb}`
      // What is to answer may take as long as a busy machine makes it.
      const isSilent = (kind === 'timeout' || kind === 'stall') && reaches(kind, endpoint)
      const ask = (patience: { readonly signal?: AbortSignal } = {}) =>
        fetch(url, { headers, ...patience })
          .then((response) => response.text())
          .catch((thrown: unknown) => `no answer: ${String(thrown)}`)
      const sound = await ask()
      market.setScript({ rules: [{ fault }] })
      const faulty = await ask(isSilent ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {})
      expect(`${endpoint} ${faulty}`).not.toContain('fake market:')
      expect([endpoint, sound === faulty]).toEqual([endpoint, !reaches(kind, endpoint)])
    }
  },
)
