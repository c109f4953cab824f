import { DateTime } from 'luxon'
import { expect, test } from '@jest/globals'
import { fixedClock } from '../../src/clock/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import { SymbolQueue, type SymbolEnding } from '../../src/onboarding/queue/symbol-queue.ts'
import type { Ticker } from '../../src/symbols/index.ts'

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
}
const tickers = (...names: readonly string[]) => names as readonly Ticker[]
const DONE: SymbolEnding = { ok: true }
const PASSING: SymbolEnding = { ok: false, reason: 'unavailable', retryable: true }
const UNKNOWN: SymbolEnding = { ok: false, reason: 'all_providers_exhausted', retryable: false }

/** A queue whose symbols end when they are told how. */
function controlled(
  options: { concurrency?: number; maxQueue?: number; lacking?: readonly Ticker[] } = {},
) {
  const begun: string[] = []
  const pauses: number[] = []
  const done = new Set<string>()
  const open = new Map<string, (ending: SymbolEnding) => void>()
  const queue = new SymbolQueue({
    concurrency: options.concurrency ?? 3,
    maxQueue: options.maxQueue ?? 50,
    onboard: (symbol, signal) =>
      new Promise<SymbolEnding>((resolve, reject) => {
        begun.push(symbol)
        open.set(symbol, resolve)
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error)
        })
      }),
    findLacking: () => Promise.resolve((options.lacking ?? []).filter((one) => !done.has(one))),
    clock: fixedClock(DateTime.utc(2025, 7, 10) as DateTime<true>),
    log: silent,
    sleep: (ms) => {
      pauses.push(ms)
      return Promise.resolve()
    },
  })
  const end = async (symbol: string, ending: SymbolEnding) => {
    if (ending.ok) done.add(symbol)
    open.get(symbol)?.(ending)
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  return { queue, begun, pauses, end }
}

test('symbols are worked on in their order, three at a time, each once', async () => {
  const { queue, begun, end } = controlled()

  queue.enqueue(tickers('A', 'B', 'C', 'D', 'A', 'E'))
  queue.enqueue(tickers('D', 'B'))

  expect(begun).toEqual(['A', 'B', 'C'])
  expect(queue.list().map(({ symbol, state }) => `${symbol} ${state}`)).toEqual([
    'A processing',
    'B processing',
    'C processing',
    'D pending',
    'E pending',
  ])
  await end('B', DONE)
  expect(begun).toEqual(['A', 'B', 'C', 'D'])
  expect(queue.find('B' as Ticker)).toBeNull()
})

test('what finds no room is looked for again when there is some', async () => {
  const { queue, begun, end } = controlled({
    concurrency: 1,
    maxQueue: 2,
    lacking: tickers('C', 'D', 'E'),
  })

  const leftOut = queue.enqueue(tickers('A', 'B', 'C', 'D', 'E'))

  expect(leftOut).toEqual(['D', 'E'])
  for (const symbol of ['A', 'B', 'C', 'D', 'E']) await end(symbol, DONE)
  expect(begun).toEqual(['A', 'B', 'C', 'D', 'E'])
})

test('what fails for a passing reason is tried three times with growing pauses, then stays with the reason', async () => {
  const { queue, begun, pauses, end } = controlled()
  queue.enqueue(tickers('A'))

  for (let i = 0; i < 3; i++) await end('A', PASSING)

  expect(begun).toEqual(['A', 'A', 'A'])
  expect(pauses).toEqual([1_000, 4_000])
  expect(queue.find('A' as Ticker)).toMatchObject({
    state: 'failed',
    attempts: 3,
    reason: 'unavailable',
  })
  queue.enqueue(tickers('A'))
  expect(queue.find('A' as Ticker)).toMatchObject({ state: 'processing', attempts: 1 })
})

test('what no provider knows is tried once, and no sweep tries it again today', async () => {
  const { queue, begun, end } = controlled({ lacking: tickers('A') })
  await queue.sweep()
  await end('A', UNKNOWN)

  await queue.sweep()

  expect(begun).toEqual(['A'])
  expect(queue.find('A' as Ticker)).toMatchObject({ state: 'failed', attempts: 1 })
})

test('stopping ends the work under way and begins nothing new', async () => {
  const { queue, begun } = controlled({ concurrency: 1 })
  queue.enqueue(tickers('A', 'B'))

  await queue.stop()
  queue.enqueue(tickers('C'))

  expect(begun).toEqual(['A'])
})
