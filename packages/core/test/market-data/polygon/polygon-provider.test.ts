import { describe, expect, test } from '@jest/globals'
import type { Ticker } from '../../../src/symbols/ticker.ts'
import { barsOf, collect, request } from '../fetching.ts'
import { KEY, startVendor, status } from './vendor.ts'
import {
  aggregate,
  aggregates,
  answerOf,
  CLOSES,
  dividend,
  FROM,
  grouped,
  list,
  SESSIONS,
  TO,
} from './world.ts'

const OPTION = 'AAA240119C00100000'
const OPTION_TICKER = `O:${OPTION}`
const ask = (symbol: string, from = FROM, to = TO) => request(symbol, from, to)
/** Enough symbols for the market's days to be the cheaper way; only some of them exist. */
const MANY = ['AAA', 'BBB', 'BRK.B', 'NONE']

describe('one symbol of polygon', () => {
  test('is its aggregates as traded with splits and dividends on their ex-dates', async () => {
    await using vendor = await startVendor(answerOf)
    const outcomes = await collect(vendor.provider, [ask('AAA'), ask('BBB')])
    expect(barsOf(outcomes, 'AAA')).toEqual(
      SESSIONS.map((date, i) => {
        const close = CLOSES['AAA']?.[i] ?? NaN
        const prices = { open: close, high: close + 1, low: close - 1, close, volume: 1000 }
        return { date, ...prices, dividend: date === '2024-01-03' ? 0.75 : 0, splitRatio: 1 }
      }),
    )
    expect(barsOf(outcomes, 'BBB')?.map(({ splitRatio }) => splitRatio)).toEqual([1, 1, 2, 1])
    expect(vendor.calls[0]).toBe(
      `/v2/aggs/ticker/AAA/range/1/day/${FROM}/${TO}?adjusted=false&sort=asc&limit=50000`,
    )
    expect(vendor.calls).toHaveLength(6)
    expect(vendor.provider.expectedCalls([ask('AAA'), ask('BBB')])).toBe(6)
  })

  test('an option is asked by its OCC symbol and has no events, in one call', async () => {
    await using vendor = await startVendor(answerOf)
    const outcomes = await collect(vendor.provider, [ask(OPTION)])
    expect(barsOf(outcomes, OPTION)?.map(({ close }) => close)).toEqual([5, 4, 3, 2])
    expect(barsOf(outcomes, OPTION)?.[0]).toMatchObject({ dividend: 0, splitRatio: 1 })
    expect(vendor.calls).toHaveLength(1)
    expect(vendor.provider.expectedCalls([ask(OPTION)])).toBe(1)
  })

  test.each([
    ['GONE', 'delisted'],
    ['NONE', 'unknown_symbol'],
    ['QUIET', 'no_bars'],
    ['AAA240119C00999000', 'no_bars'],
    ['AAA231229C00100000', 'delisted'],
    ['^GSPC', 'unknown_symbol'],
  ])('%s without bars is told to be %s', async (symbol, reason) => {
    await using vendor = await startVendor(answerOf)
    const outcomes = await collect(vendor.provider, [ask(symbol)])
    expect(outcomes).toMatchObject([{ ok: false, symbol, reason, retryable: false }])
    if (symbol.startsWith('^') || symbol.includes('231229')) expect(vendor.calls).toEqual([])
  })

  test('keeps an event without a bar as a row of its own, and days that were asked for only', async () => {
    await using vendor = await startVendor((url) => {
      if (url.pathname.includes('/aggs/')) {
        return aggregates(
          'AAA',
          ['2023-12-29', FROM, TO].map((date) => aggregate(date, 9)),
        )
      }
      return url.pathname.includes('dividends')
        ? list([dividend('AAA', '2024-01-03', 1, 'x')])
        : list([])
    })
    const bars = barsOf(await collect(vendor.provider, [ask('AAA')]), 'AAA')
    expect(bars?.map(({ date }) => date)).toEqual([FROM, '2024-01-03', TO])
    expect(bars?.[1]).toMatchObject({ close: null, dividend: 1, splitRatio: 1 })
  })

  test('splits of a day multiply, dividends add, a record listed twice counts once', async () => {
    const split = (from: number, to: number) => ({
      ticker: 'AAA',
      execution_date: '2024-01-03',
      split_from: from,
      split_to: to,
    })
    await using vendor = await startVendor((url) => {
      if (url.pathname.includes('splits')) return list([split(100, 1), split(1, 5), split(1, 5)])
      if (!url.pathname.includes('dividends')) return answerOf(url)
      const paid = dividend('AAA', '2024-01-03', 0.25, 'x')
      return list([paid, paid, { ...paid, id: 'y' }])
    })
    const bars = barsOf(await collect(vendor.provider, [ask('AAA')]), 'AAA')
    expect(bars?.[1]).toMatchObject({ dividend: 0.5, splitRatio: 0.05 })
  })

  test('a dividend in another currency is unknown, and said so', async () => {
    await using vendor = await startVendor((url) =>
      url.pathname.includes('dividends')
        ? list([{ ...dividend('AAA', '2024-01-03', 0.25, 'x'), currency: 'CAD' }])
        : answerOf(url),
    )
    const bars = barsOf(await collect(vendor.provider, [ask('AAA')]), 'AAA')
    expect(bars?.map((bar) => bar.dividend)).toEqual([0, null, 0, 0])
    expect(vendor.provider.problems?.()).toEqual([
      "polygon: a dividend of AAA on 2024-01-03 is in CAD, not USD; the day's dividend is unknown",
    ])
  })

  test('a session’s date is the one in New York, in winter and in summer, at midnight or at the close', async () => {
    const stamps = [
      '2024-01-03T05:00Z',
      '2024-01-04T21:00Z',
      '2024-07-02T04:00Z',
      '2024-07-03T20:00Z',
    ]
    await using vendor = await startVendor((url) =>
      url.pathname.includes('/aggs/')
        ? aggregates('AAA', stamps.map((t) => ({ t: Date.parse(t), c: 1 })).reverse())
        : list([]),
    )
    const bars = barsOf(
      await collect(vendor.provider, [ask('AAA', '2024-01-01', '2024-12-31')]),
      'AAA',
    )
    expect(bars?.map(({ date }) => date)).toEqual(stamps.map((stamp) => stamp.slice(0, 10)))
    expect(bars?.[0]).toMatchObject({ open: null, high: null, low: null, volume: null })
  })

  test('follows the pages of aggregates', async () => {
    await using vendor = await startVendor((url) => {
      if (!url.pathname.includes('/aggs/')) return answerOf(url)
      const [first, second] = [aggregate(FROM, 9), aggregate(TO, 8)]
      const isSecond = url.searchParams.has('cursor')
      const next = isSecond ? {} : { next_url: `${url.href}&cursor=2` }
      return { ...aggregates(OPTION_TICKER, [isSecond ? second : first]), ...next }
    })
    const bars = barsOf(await collect(vendor.provider, [ask(OPTION)]), OPTION)
    expect(bars?.map(({ close }) => close)).toEqual([9, 8])
  })

  test('follows the pages of a list, always at its own host and with the key in a header', async () => {
    const next = 'https://api.elsewhere.example/v3/reference/dividends?cursor=abc&apiKey=theirs'
    await using vendor = await startVendor(
      (url) => {
        if (!url.pathname.includes('dividends')) return answerOf(url)
        if (url.searchParams.get('cursor') === 'abc') return list([dividend('AAA', TO, 2, 'y')])
        return { ...list([dividend('AAA', FROM, 1, 'x')]), next_url: next }
      },
      { path: '/mirror' },
    )
    const bars = barsOf(await collect(vendor.provider, [ask('AAA')]), 'AAA')
    expect(bars?.map((bar) => bar.dividend)).toEqual([1, 0, 0, 2])
    expect(vendor.calls.at(-1)).toBe('/mirror/v3/reference/dividends?cursor=abc')
    expect(vendor.calls.join()).not.toContain(KEY)
    expect([...vendor.keys]).toEqual([`Bearer ${KEY}`])
  })

  test.each([
    ['of another symbol', dividend('ZZZ', '2024-01-03', 1, 'x'), 'results.0.ticker'],
    ['of another day', dividend('AAA', '2024-01-06', 1, 'x'), 'results.0.ex_dividend_date'],
    ['without a symbol', { ex_dividend_date: TO }, 'results.0.ticker'],
  ])('a list with a record %s is malformed', async (_, record, path) => {
    await using vendor = await startVendor((url) =>
      url.pathname.includes('dividends') ? list([record]) : answerOf(url),
    )
    expect(await collect(vendor.provider, [ask('AAA')])).toMatchObject([
      { reason: 'malformed', detail: expect.stringContaining(path) },
    ])
  })

  test('a list that never ends is malformed', async () => {
    await using vendor = await startVendor((url) =>
      url.pathname.includes('splits') ? { ...list([]), next_url: url.href } : answerOf(url),
    )
    expect(await collect(vendor.provider, [ask('AAA')])).toMatchObject([
      { reason: 'malformed', detail: expect.stringContaining('next_url') },
    ])
    expect(vendor.calls.length).toBeLessThan(110)
  })
})

describe('many symbols of polygon', () => {
  test('come from the market’s days, with the same bars as one by one', async () => {
    await using vendor = await startVendor(answerOf)
    const together = await collect(
      vendor.provider,
      MANY.map((symbol) => ask(symbol)),
    )
    expect(vendor.calls).toHaveLength(9)
    expect(vendor.provider.expectedCalls(MANY.map((symbol) => ask(symbol)))).toBe(9)
    for (const symbol of MANY.slice(0, 3)) {
      const alone = await collect(vendor.provider, [ask(symbol)])
      expect(barsOf(together, symbol)).toEqual(barsOf(alone, symbol))
    }
    expect(together.find(({ symbol }) => symbol === 'NONE')).toMatchObject({
      reason: 'no_bars',
      retryable: false,
    })
  })

  test('5,000 of them cost 9 calls for four sessions', async () => {
    await using vendor = await startVendor(answerOf)
    const symbols = Array.from({ length: 5000 }, (_, i) => `SYN${String(i).padStart(5, '0')}`)
    const requests = [...symbols, 'AAA'].map((symbol) => ask(symbol))
    const outcomes = await collect(vendor.provider, requests)
    expect(outcomes).toHaveLength(5001)
    expect(barsOf(outcomes, 'AAA')).toHaveLength(4)
    expect(vendor.calls).toHaveLength(9)
  })

  test('an event on a day before a session without trading is not lost', async () => {
    await using vendor = await startVendor((url) =>
      url.pathname.includes('dividends') &&
      url.searchParams.get('ex_dividend_date.gte') === '2023-12-30'
        ? list([dividend('AAA', '2024-01-01', 3, 'x')])
        : url.pathname.includes('dividends')
          ? list([])
          : answerOf(url),
    )
    const outcomes = await collect(
      vendor.provider,
      MANY.map((symbol) => ask(symbol, '2023-12-30')),
    )
    expect(barsOf(outcomes, 'AAA')?.[0]).toMatchObject({
      date: '2024-01-01',
      close: null,
      dividend: 3,
    })
  })

  test.each(['grouped', 'dividends', 'splits'])(
    'get no bars of days whose %s cannot be had, but may get them later',
    async (endpoint) => {
      await using vendor = await startVendor(
        (url) =>
          url.pathname.includes(endpoint) && !url.pathname.endsWith(FROM)
            ? status(503)
            : answerOf(url),
        { settings: { breaker: { failures: 1000, coolDownMs: 1 } } },
      )
      const outcomes = await collect(
        vendor.provider,
        MANY.map((symbol) => ask(symbol)),
      )
      expect(outcomes).toHaveLength(4)
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ ok: false, reason: 'unavailable', retryable: true })
      }
    },
  )

  test('a day that the vendor has not published is no day without trading', async () => {
    await using vendor = await startVendor((url) =>
      url.pathname.endsWith(TO) ? grouped([]) : answerOf(url),
    )
    const outcomes = await collect(
      vendor.provider,
      MANY.map((symbol) => ask(symbol)),
    )
    expect(outcomes[0]).toMatchObject({
      ok: false,
      reason: 'unavailable',
      retryable: true,
      detail: 'the market of 2024-01-05: polygon has not yet published any bar of the session',
    })
  })

  test('a day without bars before a published one had no trading', async () => {
    await using vendor = await startVendor((url) =>
      url.pathname.endsWith('2024-01-03') ? grouped([]) : answerOf(url),
    )
    const outcomes = await collect(
      vendor.provider,
      MANY.map((symbol) => ask(symbol)),
    )
    expect(barsOf(outcomes, 'BBB')?.map(({ date }) => date)).toEqual([FROM, '2024-01-04', TO])
    expect(barsOf(outcomes, 'AAA')?.[1]).toMatchObject({ close: null, dividend: 0.75 })
  })

  test('a day that is not there says nothing about symbols', async () => {
    await using vendor = await startVendor((url) =>
      url.pathname.includes('grouped') ? status(404) : answerOf(url),
    )
    const outcomes = await collect(
      vendor.provider,
      MANY.map((symbol) => ask(symbol)),
    )
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: 'unavailable', retryable: true })
    }
  })

  test('a record that cannot be read fails its own symbol only', async () => {
    await using vendor = await startVendor((url) =>
      url.pathname.includes('splits')
        ? list([
            { ticker: 'AAA', execution_date: TO, split_from: 0, split_to: 2 },
            { ticker: 'ZZZ' },
          ])
        : answerOf(url),
    )
    const outcomes = await collect(
      vendor.provider,
      MANY.map((symbol) => ask(symbol)),
    )
    expect(outcomes.find(({ symbol }) => symbol === 'AAA')).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('results.0.split_from'),
    })
    expect(barsOf(outcomes, 'BBB')).toHaveLength(4)
  })

  test('sessions that have not closed are not asked for', async () => {
    await using vendor = await startVendor(answerOf, { now: '2024-01-04T18:00:00Z' })
    const outcomes = await collect(
      vendor.provider,
      MANY.map((symbol) => ask(symbol, FROM, '2030-12-31')),
    )
    expect(barsOf(outcomes, 'AAA')?.map(({ date }) => date)).toEqual(SESSIONS.slice(0, 2))
  })
})

describe('polygon', () => {
  test('serves US equities, ETFs and options only', async () => {
    await using vendor = await startVendor(answerOf)
    const serves = (symbol: string) => vendor.provider.servesDailyBars(symbol as Ticker)
    expect(['AAPL', 'BRK.B', 'SPY', 'F', 'SYN00001', OPTION].map(serves)).not.toContain(false)
    expect(['^GSPC', 'EURUSD=X', 'VTSAX', 'BRK-B', '7203.T'].map(serves)).not.toContain(true)
  })

  test('a key that is not accepted costs one call, not one per symbol', async () => {
    await using vendor = await startVendor(() => status(401), { settings: { concurrency: 1 } })
    const options = Array.from({ length: 40 }, (_, i) => ask(`AAA240119C00${100 + i}000`))
    const outcomes = await collect(vendor.provider, options)
    expect(outcomes).toHaveLength(40)
    expect(outcomes[39]).toMatchObject({ reason: 'refused', retryable: false })
    expect(vendor.calls.length).toBeLessThanOrEqual(8)
  })

  test('a Retry-After that is a date is read by the server’s clock', async () => {
    const date = 'Fri, 05 Jan 2018 22:00:00 GMT'
    const headers = { date, 'retry-after': date.replace('22:00:00', '22:00:59') }
    await using vendor = await startVendor(() => status(429, headers), {
      settings: { maxRetryWaitMs: 1000 },
    })
    expect(await collect(vendor.provider, [ask(OPTION)])).toMatchObject([
      { reason: 'rate_limited', detail: expect.stringContaining('ask again in 59 s') },
    ])
  })

  test('a spent budget is a reason of its own', async () => {
    await using vendor = await startVendor(answerOf, { settings: { maxCalls: 4 } })
    const outcomes = await collect(vendor.provider, [ask('AAA'), ask('BBB')])
    expect(outcomes).toContainEqual(
      expect.objectContaining({ ok: false, reason: 'budget_spent', retryable: true }),
    )
    expect(vendor.calls).toHaveLength(4)
  })

  test('says beforehand what it is going to do', async () => {
    await using vendor = await startVendor(answerOf)
    await collect(
      vendor.provider,
      [...MANY, OPTION].map((symbol) => ask(symbol)),
    )
    expect(vendor.logged[0]).toEqual([
      { calls: 10, sessions: 4, symbols_by_date: 4, symbols_one_by_one: 1 },
      'polygon_call_plan',
    ])
    expect(vendor.calls).toHaveLength(10)
  })

  test('an abort ends a fetch with its reason', async () => {
    const aborter = new AbortController()
    await using vendor = await startVendor(() => () => {
      aborter.abort(new Error('enough'))
    })
    for (const symbols of [['AAA'], MANY]) {
      const fetch = collect(
        vendor.provider,
        symbols.map((symbol) => ask(symbol)),
        aborter.signal,
      )
      await expect(fetch).rejects.toThrow('enough')
    }
    expect(vendor.calls.length).toBeLessThanOrEqual(1)
  })
})
