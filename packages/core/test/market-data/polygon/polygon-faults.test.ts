import { describe, expect, test } from '@jest/globals'
import type { DailyBar } from '../../../src/market-data/bar.ts'
import type { BarOutcome } from '../../../src/market-data/provider.ts'
import { stored, validate } from '../bars.ts'
import { collect, request } from '../fetching.ts'
import { KEY, startVendor, status, text, type Answer } from './vendor.ts'
import { aggregate, answerOf, CLOSES, DIVIDENDS, FROM, SESSIONS, SPLITS, TO } from './world.ts'

type Entry = Readonly<Record<string, unknown>>
type Fault = (right: Answer) => Answer

/** Changes fields of an answer. */
function fields(change: Entry): Fault {
  return (right) => (typeof right === 'function' ? right : { ...right, ...change })
}

/** Changes the entries of an answer's list, whatever they are. */
function entries(change: (list: readonly Entry[]) => readonly unknown[]): Fault {
  return (right) => {
    if (typeof right === 'function') return right
    const { results } = right as { results: readonly Entry[] }
    return { ...right, results: change(results) }
  }
}

const FAULTS: Readonly<Record<string, Fault>> = {
  '429 with Retry-After': () => status(429, { 'retry-after': '0.02' }),
  '429 with Retry-After of a day': () => status(429, { 'retry-after': '86400' }),
  '429 without Retry-After': () => status(429),
  '500': () => status(500),
  '503 with Retry-After': () => status(503, { 'retry-after': '0.02' }),
  '401': () => status(401),
  '403': () => status(403),
  '404': () => status(404),
  'a redirect': () => status(302, { location: 'http://127.0.0.1:1/' }),
  timeout: () => () => undefined,
  'stall mid-body': () => (response) => response.writeHead(200).write('{"status":"OK","results":['),
  'reset mid-body': () => (response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"status":')
    setImmediate(() => response.destroy())
  },
  reset: () => (response) => response.destroy(),
  HTML: () => text(`<html>Sign in, ${KEY}</html>`),
  empty: () => text(''),
  '{}': () => ({}),
  '[]': () => [],
  null: () => text('null'),
  'an error with status 200': () => ({ status: 'ERROR', error: 'out of order' }),
  'wrong symbol': fields({ ticker: 'QQQQ' }),
  'wrong symbols in a day': entries((list) =>
    list.map((entry) => ('T' in entry ? { ...entry, T: 'QQQQ' } : entry)),
  ),
  'a list of other days': entries((list) =>
    list.map((entry) => ({
      ...entry,
      execution_date: '2024-02-01',
      ex_dividend_date: '2023-11-01',
    })),
  ),
  'restated prices': fields({ adjusted: true }),
  'no results': fields({ results: null }),
  'null bars': entries((list) => list.map(() => null)),
  'a null bar among others': entries((list) => [null, ...list.slice(1)]),
  'null closes': entries((list) => list.map((entry) => ({ ...entry, c: null }))),
  'duplicate days': entries((list) => [...list, ...list]),
  'different bars of a day': entries((list) => [
    ...list,
    ...list.map((entry) => ({ ...entry, c: 77 })),
  ]),
  'unsorted days': entries((list) => list.toReversed()),
  'today’s partial bar': entries((list) =>
    list.length < 4 || 'T' in (list[0] ?? {}) ? list : [...list, aggregate('2024-01-08', 60)],
  ),
  'negative price': entries((list) => list.map((entry) => ({ ...entry, c: -1 }))),
  'a price × 100': entries((list) =>
    list.map((entry, i) => (i === 1 && !('T' in entry) ? { ...entry, c: 9900, h: 9901 } : entry)),
  ),
  'a price as text': entries((list) => list.map((entry) => ({ ...entry, c: '12.5' }))),
  'volume as text': entries((list) => list.map((entry) => ({ ...entry, v: '1000' }))),
  'an instant that is none': entries((list) => list.map((entry) => ({ ...entry, t: 1e20 }))),
  'an amount as text': entries((list) =>
    list.map((entry) => ({ ...entry, cash_amount: '0.25', split_to: '2' })),
  ),
  'a date that is none': entries((list) =>
    list.map((entry) => ({ ...entry, execution_date: '2024-13-01', ex_dividend_date: null })),
  ),
}

const OPTION = 'AAA240119C00100000'
/** Two ways of asking and how many calls each makes when all is well. */
const WAYS = {
  'one by one': { symbols: ['AAA', OPTION], calls: 4 },
  'by date': { symbols: ['AAA', 'BBB', 'BRK.B', 'NONE'], calls: 9 },
} as const
/** Which calls are faulty. */
const PLACES: Readonly<Record<string, (index: number, calls: number) => boolean>> = {
  first: (index) => index === 0,
  middle: (index, calls) => index === Math.floor(calls / 2),
  last: (index, calls) => index === calls - 1,
  all: () => true,
}

describe.each(Object.entries(WAYS))('polygon asked %s', (_, { symbols, calls }) => {
  const cases = Object.entries(FAULTS).flatMap(([name, fault]) =>
    Object.entries(PLACES).map(([place, isFaulty]) => ({ name, fault, place, isFaulty })),
  )

  test.each(cases)('survives $name in $place of its calls', async ({ name, fault, isFaulty }) => {
    await using vendor = await startVendor(
      (url, index) => (isFaulty(index, calls) ? fault(answerOf(url)) : answerOf(url)),
      { settings: { timeoutMs: /timeout|stall/.test(name) ? 300 : 30_000, maxRetries: 1 } },
    )
    const requests = symbols.map((symbol) => request(symbol, FROM, TO))
    const outcomes = await collect(vendor.provider, requests)
    expect(outcomes.map(({ symbol }) => symbol).sort()).toEqual([...symbols].sort())
    for (const outcome of outcomes) {
      if (outcome.ok) expectGoodRows(outcome)
      else expect(outcome.reason).toMatch(reasonsOf(name))
    }
    const said = JSON.stringify([outcomes, vendor.provider.problems?.(), vendor.logged])
    expect(said).not.toContain(KEY)
    expect(vendor.calls.length).toBeLessThanOrEqual(calls * 2 + 2)
  })
})

/** What a fault may be told to be; `no_bars` is the reason of the symbol that does not exist. */
function reasonsOf(name: string): RegExp {
  if (/^429/.test(name)) return /^(rate_limited|unavailable|no_bars)$/
  if (/^5|timeout|stall|reset/.test(name)) return /^(unavailable|no_bars)$/
  if (/^401|403|redirect/.test(name)) return /^(refused|no_bars)$/
  if (name === '404') return /^(unknown_symbol|unavailable|no_bars)$/
  return /^(malformed|no_bars)$/
}

/** Whatever passes validation is a row of the world: right prices, and right events where they are known. */
function expectGoodRows({ symbol, bars }: BarOutcome & { ok: true }): void {
  expect(bars.map(({ date }) => date)).toEqual([...new Set(bars.map(({ date }) => date))].sort())
  const closes = symbol === OPTION ? [5, 4, 3, 2] : (CLOSES[symbol] ?? [])
  const previous = stored({ '2023-12-29': closes[0] ?? NaN })
  const { accepted } = validate(bars, { previous, checkMoves: symbol !== OPTION })
  expect(accepted.some(({ close }) => close !== null)).toBe(true)
  for (const bar of accepted) {
    const right = closes[SESSIONS.findIndex((date) => date === bar.date)]
    expect([right, null, symbol === OPTION ? 9900 : null]).toContain(bar.close)
    expectGoodEvents(symbol, bar)
  }
}

function expectGoodEvents(symbol: string, { date, dividend, splitRatio }: DailyBar): void {
  const paid = DIVIDENDS.filter((d) => d.ticker === symbol && d.ex_dividend_date === date)
  const split = SPLITS.find((s) => s.ticker === symbol && s.execution_date === date)
  expect(dividend).toBe(paid.reduce((sum, { cash_amount }) => sum + cash_amount, 0))
  expect(splitRatio).toBe(split === undefined ? 1 : split.split_to / split.split_from)
}
