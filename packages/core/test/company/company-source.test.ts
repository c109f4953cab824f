import { describe, expect, test } from '@jest/globals'
import { createCompanySource } from '../../src/market-data/company-source.ts'
import type { Profile } from '../../src/market-data/profile.ts'
import type { MarketDataProvider } from '../../src/market-data/provider.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import {
  fakeCompanies,
  fundamentalsOf,
  profileOf,
  type FakeCompanies,
  type Reply,
} from './fake-companies.ts'

const SAID = profileOf({ companyName: 'Said' })

async function ask(providers: readonly MarketDataProvider[], ...symbols: readonly string[]) {
  const { signal } = new AbortController()
  const source = createCompanySource(providers)
  const answers = await Array.fromAsync(source.profiles(symbols as Ticker[], { signal }))
  expect(answers.map(({ symbol }) => symbol).sort()).toEqual([...symbols].sort())
  return new Map(answers.map((answer) => [String(answer.symbol), answer]))
}

function scripted(name: string, script: Readonly<Record<string, Reply<Profile>>>) {
  return fakeCompanies(name, { profile: (symbol) => script[symbol] })
}

describe('the providers of profiles', () => {
  test('are asked in order, each once, for what those before could not answer', async () => {
    const first = scripted('first', { A: SAID, B: 'unknown_symbol', C: 'unavailable' })
    const second = scripted('second', { B: SAID, C: SAID })
    const answers = await ask([first, second], 'A', 'B', 'C')
    expect([first.asked, second.asked]).toEqual([['A B C'], ['B C']])
    const servedBy = [...answers.values()].map((answer) => answer.ok && answer.provider)
    expect(servedBy.sort()).toEqual(['first', 'second', 'second'])
  })

  test('are left out when they have none', async () => {
    const without = fakeCompanies('without', { fundamentals: () => fundamentalsOf() })
    const answers = await ask([without, scripted('second', { A: SAID })], 'A')
    expect(without.asked).toEqual([])
    expect(answers.get('A')).toMatchObject({ ok: true, provider: 'second' })
  })

  test('that say all of them that there is none settle the matter', async () => {
    const answers = await ask(
      [scripted('first', { A: 'delisted' }), scripted('second', { A: 'no_data' })],
      'A',
    )
    expect(answers.get('A')).toEqual({
      ok: false,
      symbol: 'A',
      verdict: 'absent',
      reason: 'delisted',
      detail: 'first: delisted (a refused); second: no_data (a refused)',
    })
  })

  test.each([
    ['unavailable', 'unreached'],
    ['rate_limited', 'unreached'],
    ['refused', 'unreached'],
    ['budget_spent', 'unreached'],
    ['malformed', 'unreadable'],
  ] as const)('of which one is %s leave it open', async (reason, verdict) => {
    const [absent, open] = [scripted('x', { A: 'no_data' }), scripted('y', { A: reason })]
    for (const order of [
      [absent, open],
      [open, absent],
    ]) {
      expect((await ask(order, 'A')).get('A')).toMatchObject({ verdict, reason })
    }
  })

  test('that throw or leave symbols out fail those symbols only', async () => {
    const throwing = scripted('throwing', { C: SAID, B: new Error('socket closed'), A: SAID })
    const answers = await ask([throwing], 'A', 'B', 'C')
    expect(answers.get('C')).toMatchObject({ ok: true })
    for (const symbol of ['A', 'B']) {
      expect(answers.get(symbol)).toMatchObject({
        verdict: 'unreached',
        reason: 'unavailable',
        detail: 'throwing: unavailable (socket closed)',
      })
    }
    const silent = await ask([scripted('silent', { A: SAID })], 'A', 'B')
    expect(silent.get('B')).toMatchObject({ verdict: 'unreadable', reason: 'malformed' })
  })

  test('when there are none, every symbol says so', async () => {
    expect((await ask([], 'A')).get('A')).toMatchObject({
      verdict: 'unreached',
      reason: 'no_provider',
    })
  })

  test('answer nothing that was not asked, and nothing twice', async () => {
    const told = { ok: true, provider: 'odd', value: SAID } as const
    const odd: FakeCompanies = {
      ...scripted('odd', {}),
      // eslint-disable-next-line @typescript-eslint/require-await -- the interface streams
      async *profiles() {
        for (const symbol of ['A', 'Z', 'A']) yield { ...told, symbol: symbol as Ticker }
      },
    }
    expect((await ask([odd], 'A')).get('A')).toMatchObject({ ok: true })
  })

  test('an abort ends the question with its reason', async () => {
    const aborting = new AbortController()
    const provider = fakeCompanies('slow', {
      profile: (symbol) => {
        if (symbol === 'B') aborting.abort(new Error('stop'))
        return symbol === 'A' ? new Error('the call was cut') : SAID
      },
    })
    const source = createCompanySource([provider])
    const answers = source.profiles(['A', 'B'] as Ticker[], { signal: aborting.signal })
    await expect(Array.fromAsync(answers)).rejects.toThrow('stop')
  })
})
