import { describe, expect, test } from '@jest/globals'
import type { MarketDataProvider } from '../../src/market-data/provider.ts'
import {
  createProviderChain,
  type ChainOutcome,
  type ProviderChain,
} from '../../src/market-data/provider-chain.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { bar } from './bars.ts'
import { fakeProvider } from './fake-provider.ts'
import { request } from './fetching.ts'

const BARS = [bar('2024-01-02', 10)]

function chainOf(providers: readonly MarketDataProvider[]): ProviderChain {
  return createProviderChain({ equities: providers, options: providers })
}

async function fetch(
  providers: readonly MarketDataProvider[],
  symbols: readonly string[],
  preferred: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): Promise<ReadonlyMap<string, ChainOutcome>> {
  const chain = chainOf(providers)
  const order = new Map(Object.entries(preferred).map(([symbol, name]) => [symbol as Ticker, name]))
  const requests = symbols.map((symbol) => request(symbol))
  const outcomes = await Array.fromAsync(chain.fetchBars(requests, { preferred: order, signal }))
  expect(outcomes.map(({ symbol }) => symbol).sort()).toEqual([...symbols].sort())
  return new Map(outcomes.map((outcome) => [outcome.symbol, outcome]))
}

describe('a chain of providers', () => {
  test('asks the first for everything at once and the second for what is left', async () => {
    const first = fakeProvider('first', { A: BARS, B: 'unknown_symbol', C: BARS, D: 'no_bars' })
    const second = fakeProvider('second', { B: BARS, D: BARS })
    const outcomes = await fetch([first, second], ['A', 'B', 'C', 'D'])
    expect(first.calls).toEqual(['A B C D'])
    expect(second.calls).toEqual(['B D'])
    expect(outcomes.get('A')).toMatchObject({ ok: true, provider: 'first' })
    expect(outcomes.get('B')).toMatchObject({ ok: true, provider: 'second' })
  })

  test('asks a symbol’s preferred provider first, still in sets', async () => {
    const first = fakeProvider('first', { A: BARS, B: BARS, C: BARS })
    const second = fakeProvider('second', { B: BARS, C: 'unavailable' })
    const outcomes = await fetch([first, second], ['A', 'B', 'C'], {
      B: 'second',
      C: 'second',
      A: 'gone',
    })
    expect(first.calls).toEqual(['A', 'C'])
    expect(second.calls).toEqual(['B C'])
    expect(outcomes.get('C')).toMatchObject({ ok: true, provider: 'first' })
  })

  test('a symbol that all refuse has one outcome with every reason', async () => {
    const first = fakeProvider('first', { A: 'unknown_symbol' })
    const second = fakeProvider('second', { A: 'rate_limited' })
    const outcomes = await fetch([first, second], ['A'])
    expect(outcomes.get('A')).toEqual({
      ok: false,
      symbol: 'A',
      reason: 'all_providers_exhausted',
      detail: 'first: unknown_symbol (a refused); second: rate_limited (a refused)',
      attempts: [
        { provider: 'first', reason: 'unknown_symbol', detail: 'a refused' },
        { provider: 'second', reason: 'rate_limited', detail: 'a refused' },
      ],
      retryable: true,
    })
  })

  test('does not ask providers that do not serve such a symbol', async () => {
    const options = fakeProvider('options', {}, (symbol) => symbol.length > 6)
    const outcomes = await fetch([options], ['A'])
    expect(options.calls).toEqual([])
    expect(outcomes.get('A')).toMatchObject({
      attempts: [],
      retryable: false,
      detail: 'none of the providers (options) serves daily bars of A',
    })
  })

  test('an answer without bars and no answer at all are failures', async () => {
    const outcomes = await fetch([fakeProvider('first', { A: [] })], ['A', 'B'])
    expect(outcomes.get('A')).toMatchObject({ attempts: [{ reason: 'no_bars' }], retryable: false })
    expect(outcomes.get('B')).toMatchObject({
      attempts: [{ reason: 'malformed' }],
      retryable: false,
    })
  })

  test('a provider that throws keeps what it served and fails the rest', async () => {
    const broken = fakeProvider('broken', { A: new Error('socket closed'), B: BARS })
    const outcomes = await fetch([broken], ['A', 'B'])
    expect(outcomes.get('B')).toMatchObject({ ok: true })
    expect(outcomes.get('A')).toMatchObject({
      attempts: [{ reason: 'unavailable', detail: 'socket closed' }],
      retryable: true,
    })
  })

  test('an answer for a symbol nobody asked for is ignored', async () => {
    const talkative: MarketDataProvider = {
      ...fakeProvider('talkative', {}),
      async *dailyBars() {
        await Promise.resolve()
        for (const symbol of ['Z', 'A', 'A'] as Ticker[]) {
          yield { ok: true, symbol, provider: 'talkative', bars: BARS }
        }
      },
    }
    expect([...(await fetch([talkative], ['A'])).keys()]).toEqual(['A'])
  })

  test('an abort ends it with the reason given', async () => {
    const first = fakeProvider('first', { A: BARS })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(fetch([first], ['A'], {}, signal)).rejects.toThrow('enough')
    expect(first.calls).toEqual([])
  })

  test('a symbol must not be requested twice', async () => {
    await expect(fetch([fakeProvider('first', {})], ['A', 'A'])).rejects.toThrow(RangeError)
  })

  test('tells the calls of each provider when every first one answers', () => {
    const first = fakeProvider('first', {})
    const second = fakeProvider('second', {})
    const requests = ['A', 'B', 'C'].map((symbol) => request(symbol))
    const preferred = new Map([['B' as Ticker, 'second']])
    const calls = chainOf([first, second]).expectedCalls(requests, preferred)
    expect([...calls]).toEqual([
      ['first', 1],
      ['second', 1],
    ])
    expect([...chainOf([first, second]).expectedCalls(requests, new Map()).values()]).toEqual([
      2, 0,
    ])
  })
})

describe('a provider that has whole market days', () => {
  const SYMBOLS = Array.from({ length: 500 }, (_, i) => `S${i}`)
  const requests = SYMBOLS.map((symbol) => request(symbol))
  const each = {
    ...fakeProvider('each', {}),
    expectedCalls: (asked: readonly unknown[]) => asked.length,
  }
  const bulk = (calls: number) => ({
    ...fakeProvider('bulk', {}, (symbol) => symbol !== 'S0'),
    expectedCalls: () => calls,
  })

  test('is asked first for what it serves when it saves nine calls in ten', () => {
    const calls = chainOf([each, bulk(9)]).expectedCalls(requests, new Map())
    expect([...calls]).toEqual([
      ['each', 1],
      ['bulk', 9],
    ])
  })

  test('is not when it saves less, when few symbols are asked for, or when it is local', () => {
    const order = (calls: number, asked = requests) => [
      ...chainOf([each, bulk(calls)])
        .expectedCalls(asked, new Map())
        .values(),
    ]
    expect(order(60)).toEqual([500, 0])
    expect(order(1, requests.slice(0, 15))).toEqual([15, 0])
    expect(order(0)).toEqual([500, 0])
  })
})

describe('confirming suspect closes', () => {
  const suspect = (symbol: string, day: string, close: number, provider = 'first') => ({
    symbol: symbol as Ticker,
    ...bar(`2024-01-${day}`, null),
    close,
    provider,
  })
  const options = { signal: new AbortController().signal }

  test('another provider confirms what it has within one percent', async () => {
    const first = fakeProvider('first', {})
    const second = fakeProvider('second', {
      A: [bar('2024-01-02', 101), bar('2024-01-04', 102)],
      B: [bar('2024-01-02', 50)],
    })
    const chain = chainOf([first, second])
    const suspects = [suspect('A', '02', 100), suspect('A', '04', 100), suspect('B', '03', 50)]
    const confirmed = await chain.confirmCloses(suspects, options)
    expect(first.calls).toEqual([])
    expect(second.calls).toEqual(['A B'])
    expect(second.requests[0]).toMatchObject({ from: '2024-01-02', to: '2024-01-04' })
    expect(confirmed).toEqual(new Map([['A', new Set(['2024-01-02'])]]))
  })

  test('the next one is asked where a provider has no close, not where it disagrees', async () => {
    const second = fakeProvider('second', { A: 'unavailable', B: [bar('2024-01-02', 90)] })
    const third = fakeProvider('third', {
      A: [bar('2024-01-02', 100)],
      B: [bar('2024-01-02', 100)],
    })
    const chain = chainOf([second, third])
    const suspects = [suspect('A', '02', 100), suspect('B', '02', 100)]
    const confirmed = await chain.confirmCloses(suspects, options)
    expect(third.calls).toEqual(['A'])
    expect([...confirmed.keys()]).toEqual(['A'])
  })

  test('nobody confirms himself, and a provider that throws confirms nothing', async () => {
    const first = fakeProvider('first', { A: [bar('2024-01-02', 100)] })
    const second = fakeProvider('second', { A: new Error('down') })
    const confirmed = await chainOf([first, second]).confirmCloses(
      [suspect('A', '02', 100)],
      options,
    )
    expect(confirmed.size).toBe(0)
  })
})
