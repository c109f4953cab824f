import { describe, expect, jest, test } from '@jest/globals'
import type { Ticker } from '../../../src/symbols/ticker.ts'
import { collect, request } from '../fetching.ts'
import { chartAnswer, errorAnswer } from './chart-answer.ts'
import { startYahooServer, type Asked, type Reply } from './yahoo-server.ts'
import { fundamentalsOf, profilesOf, yahooWorld } from './yahoo-world.ts'

const NOW = '2024-03-07T01:00:00Z'
const STALE = errorAnswer(401, 'finance', 'Invalid Crumb')

function chartOf({ path }: Asked): Reply {
  const symbol = path.split('/').at(-1) ?? ''
  return chartAnswer({ symbol, bars: [{ date: '2024-03-06', close: 12 }] })
}

function quotesOf({ query }: Asked): Reply {
  const result = (query.get('symbols') ?? '')
    .split(',')
    .map((symbol) => ({ symbol, quoteType: 'INDEX', longName: `The ${symbol}` }))
  return { json: { quoteResponse: { result, error: null } } }
}

describe("the provider's calls", () => {
  test('are one per symbol for bars, as expected beforehand, and none for an option', async () => {
    await using server = await startYahooServer(chartOf)
    const { provider } = yahooWorld(server, { now: NOW })
    const symbols = ['BRK.B', '^GSPC', 'AAPL240119C00150000', 'OCDO.L', 'EURGBP=X']
    const requests = symbols.map((symbol) => request(symbol))
    const outcomes = await collect(provider, requests)
    expect(outcomes.map(({ symbol, ok }) => [symbol, ok]).sort()).toEqual(
      symbols.map((symbol) => [symbol, !symbol.startsWith('AAPL')]).sort(),
    )
    expect(server.dataPaths().sort()).toEqual(
      ['BRK-B', 'EURGBP=X', 'OCDO.L', '^GSPC'].map((name) => `/v8/finance/chart/${name}`),
    )
    expect(server.asked).toHaveLength(provider.expectedCalls(requests))
    expect(provider.servesDailyBars('AAPL240119C00150000' as Ticker)).toBe(false)
  })

  test('are one per hundred symbols for quotes', async () => {
    await using server = await startYahooServer(quotesOf)
    const world = yahooWorld(server, { now: NOW })
    const symbols = Array.from({ length: 250 }, (_, i) => `^X${i}`)
    const outcomes = await profilesOf(world, symbols)
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(250)
    expect(server.dataPaths()).toEqual(Array(3).fill('/v7/finance/quote'))
  })

  test('all go to the base URL, those for cookies and crumb as well, and follow no redirect', async () => {
    await using server = await startYahooServer(quotesOf)
    const hosts = new Set<string>()
    const spying: typeof fetch = (input, init) => {
      hosts.add(new URL(input instanceof Request ? input.url : input).origin)
      expect(init?.redirect).toBe('manual')
      return fetch(input, init)
    }
    const world = yahooWorld(server, { now: NOW, fetch: spying })
    expect(await profilesOf(world, ['^GSPC'])).toMatchObject([{ ok: true }])
    expect([...hosts]).toEqual([server.url])
    expect(server.asked.map(({ path }) => path)).toEqual([
      '/quote/AAPL',
      '/v1/test/getcrumb',
      '/v7/finance/quote',
    ])
    expect(server.asked.at(-1)?.query.get('crumb')).toBe('crumb-1')
    expect(server.asked.at(-1)?.cookie).toBe('A3=session-1')
  })

  test('get new cookies and a new crumb when the crumb was rotated', async () => {
    await using server = await startYahooServer((asked) =>
      asked.query.get('crumb') === 'crumb-1' ? STALE : quotesOf(asked),
    )
    const world = yahooWorld(server, { now: NOW })
    expect(await profilesOf(world, ['^GSPC'])).toMatchObject([{ ok: true }])
    expect(server.asked.at(-1)?.cookie).toBe('A3=session-2')
    expect(await profilesOf(world, ['^DJI'])).toMatchObject([{ ok: true }])
    expect(server.asked.filter(({ path }) => path.endsWith('getcrumb'))).toHaveLength(2)
  })

  test('give up when a new crumb is refused too', async () => {
    await using server = await startYahooServer(() => STALE)
    const world = yahooWorld(server, { now: NOW })
    expect(await profilesOf(world, ['^GSPC'])).toMatchObject([
      { ok: false, reason: 'unavailable', retryable: true },
    ])
    expect(server.dataPaths()).toHaveLength(2)
  })

  test('of two providers have nothing in common', async () => {
    await using server = await startYahooServer(quotesOf)
    await profilesOf(yahooWorld(server, { now: NOW }), ['^GSPC'])
    await profilesOf(yahooWorld(server, { now: NOW }), ['^GSPC'])
    const quotes = server.asked.filter(({ path }) => path === '/v7/finance/quote')
    expect(quotes.map(({ cookie }) => cookie)).toEqual(['A3=session-1', 'A3=session-2'])
  })

  test('are made again by the gate after a failure', async () => {
    let calls = 0
    await using server = await startYahooServer((asked) =>
      ++calls === 1 ? 'reset' : chartOf(asked),
    )
    const { provider } = yahooWorld(server, { now: NOW, maxRetries: 1 })
    expect(await collect(provider, [request('XYZ')])).toMatchObject([{ ok: true }])
    expect(calls).toBe(2)
  })

  test('print nothing past the logger, whatever fails', async () => {
    const written = jest.spyOn(process.stdout, 'write')
    const printed = (['error', 'info', 'log', 'warn', 'dir'] as const).map((way) =>
      jest.spyOn(console, way).mockImplementation(() => undefined),
    )
    const replies: Reply[] = [
      { status: 429, body: 'Too Many Requests' },
      { status: 404, body: '<html>' },
      { json: { quoteResponse: { result: [{ symbol: 7 }], error: null } } },
      { json: {} },
      { json: { timeseries: { result: [{ meta: { symbol: ['XYZ'], type: ['annualEBIT'] } }] } } },
    ]
    for (const reply of replies) {
      await using server = await startYahooServer(() => reply)
      const world = yahooWorld(server, { now: NOW })
      await collect(world.provider, [request('XYZ')])
      await profilesOf(world, ['XYZ'])
      await fundamentalsOf(world, ['XYZ'])
    }
    const calls = [written, ...printed].flatMap((spy) => spy.mock.calls)
    jest.restoreAllMocks()
    expect(calls).toEqual([])
  })

  test('end at once when aborted, which alone is thrown', async () => {
    await using server = await startYahooServer(() => 'stall in the body')
    const { provider } = yahooWorld(server, { now: NOW })
    const controller = new AbortController()
    const reason = new Error('stopped by the operator')
    const fetching = collect(provider, [request('XYZ'), request('ABC')], controller.signal)
    controller.abort(reason)
    await expect(fetching).rejects.toBe(reason)
  })
})
