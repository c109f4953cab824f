import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import {
  BudgetSpent,
  Malformed,
  RateLimited,
  Refused,
  Unavailable,
  UnknownSymbol,
} from '../../../src/market-data/calls/provider-errors.ts'
import { gateOnFakeTime, notAborted, scriptedCall } from './gates.ts'

const DOWN = new Unavailable('vendor answered 503')

describe('a call gate', () => {
  test('gives the answer of a call, in the order the calls came', async () => {
    const { gate, time } = gateOnFakeTime({ concurrency: 1 })
    const order: number[] = []
    const calls = [1, 2, 3].map((n) => gate.run(() => Promise.resolve(order.push(n)), notAborted()))
    await time.settle(Promise.all(calls))
    expect(order).toEqual([1, 2, 3])
    expect(gate.usage).toEqual({ calls: 3, retries: 0, heldBack: 0, waitedMs: 0 })
    expect(time.sleeping).toBe(0)
  })

  test('makes no more calls at once than allowed', async () => {
    const { gate, time } = gateOnFakeTime({ concurrency: 3 })
    let underWay = 0
    let most = 0
    const call = async (signal: AbortSignal) => {
      most = Math.max(most, ++underWay)
      await time.sleep(100, signal)
      underWay--
    }
    await time.settle(Promise.all(Array.from({ length: 10 }, () => gate.run(call, notAborted()))))
    expect(most).toBe(3)
    expect(time.now()).toBe(400)
  })

  test('the sixth call of a minute waits until a minute after the first one ended', async () => {
    const { gate, time } = gateOnFakeTime({ startsPerMinute: 5 })
    const { call, starts } = scriptedCall(time, ['answer'], 200)
    await time.settle(Promise.all(Array.from({ length: 6 }, () => gate.run(call, notAborted()))))
    expect(starts.slice(0, 5)).toEqual([0, 0, 0, 0, 200])
    expect(starts[5]).toBeGreaterThan(60_200)
    expect(starts[5]).toBeLessThan(60_500)
  })

  test('tries again after growing pauses and counts retries as calls', async () => {
    const { gate, time } = gateOnFakeTime()
    const { call, starts } = scriptedCall(time, [DOWN, DOWN, DOWN, 'answer'])
    expect(await time.settle(gate.run(call, notAborted()))).toBe('answer')
    expect(starts).toEqual([0, 250, 750, 1750])
    expect(gate.usage).toEqual({ calls: 4, retries: 3, heldBack: 0, waitedMs: 1750 })
  })

  test('throws the last error when retries are used up', async () => {
    const { gate, time } = gateOnFakeTime({ maxRetries: 2 })
    const last = new Unavailable('the last one')
    const { call, starts } = scriptedCall(time, [DOWN, DOWN, last])
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toBe(last)
    expect(starts).toHaveLength(3)
  })

  test.each([
    new UnknownSymbol('no such symbol'),
    new Refused('no'),
    new Malformed('not JSON', 'body'),
  ])('does not ask again after $kind', async (error) => {
    const { gate, time } = gateOnFakeTime()
    const { call, starts } = scriptedCall(time, [error])
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toBe(error)
    expect(starts).toHaveLength(1)
  })

  test('takes a network error for a provider that cannot be reached', async () => {
    const { gate, time } = gateOnFakeTime({ maxRetries: 0 })
    const failed = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
    const { call } = scriptedCall(time, [failed])
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'vendor cannot be reached: fetch failed (ECONNREFUSED)',
      cause: failed,
    })
  })

  test('a call that stalls is aborted and counts as unavailable', async () => {
    const { gate, time } = gateOnFakeTime({ maxRetries: 0, timeoutMs: 5000 })
    const seen: AbortSignal[] = []
    const stalled = gate.run((signal) => {
      seen.push(signal)
      return Promise.withResolvers<never>().promise
    }, notAborted())
    await expect(time.settle(stalled)).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'vendor did not answer within 5 s',
    })
    expect(seen[0]?.aborted).toBe(true)
    expect(time.now()).toBe(5000)
  })

  test('makes no more calls than the budget has, retries included', async () => {
    const { gate, time } = gateOnFakeTime({ maxCalls: 3 })
    const { call, starts } = scriptedCall(time, [DOWN, DOWN, 'answer'])
    await time.settle(gate.run(call, notAborted()))
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toBeInstanceOf(BudgetSpent)
    expect(starts).toHaveLength(3)
    expect(gate.usage.calls).toBe(3)
  })
})

describe('a rate limit', () => {
  test('holds back every call until the time that the provider named', async () => {
    const { gate, time } = gateOnFakeTime({ concurrency: 1 })
    const limited = scriptedCall(time, [new RateLimited('429', 20_000), 'answer'])
    const other = scriptedCall(time, ['answer'])
    const both = [gate.run(limited.call, notAborted()), gate.run(other.call, notAborted())]
    await time.settle(Promise.all(both))
    expect(other.starts).toEqual([20_000])
    expect(limited.starts).toEqual([0, 20_000])
    expect(gate.usage).toMatchObject({ calls: 3, retries: 1, waitedMs: 20_000 })
  })

  test('a broken server’s Retry-After is honoured as well', async () => {
    const { gate, time } = gateOnFakeTime()
    const error = new Unavailable('503', { retryAfterMs: 7000 })
    const { call, starts } = scriptedCall(time, [error, 'answer'])
    await time.settle(gate.run(call, notAborted()))
    expect(starts).toEqual([0, 7000])
  })

  test('is waited for by the gate’s own measure when the provider named no time', async () => {
    const { gate, time } = gateOnFakeTime()
    const { call, starts } = scriptedCall(time, [new RateLimited('429', null), 'answer'])
    await time.settle(gate.run(call, notAborted()))
    expect(starts).toEqual([0, 2500])
  })

  test('of an hour is not slept away: the call fails at once and nobody asks for that hour', async () => {
    const { gate, time } = gateOnFakeTime()
    const error = new RateLimited('429', 3_600_000)
    const { call, starts } = scriptedCall(time, [error, 'answer'])
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toBe(error)
    expect(time.now()).toBe(0)
    await time.advance(3_599_000)
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toBeInstanceOf(Unavailable)
    expect(starts).toHaveLength(1)
    await time.advance(1000)
    expect(await time.settle(gate.run(call, notAborted()))).toBe('answer')
  })

  test('that never ends costs no more waiting than allowed, however many calls come', async () => {
    const { gate, time } = gateOnFakeTime({ maxRetryWaitMs: 100_000 })
    const { call, starts } = scriptedCall(time, [new RateLimited('429', 30_000)])
    const all = Array.from({ length: 200 }, () => gate.run(call, notAborted()))
    const results = await time.settle(Promise.allSettled(all))
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
    expect(time.now()).toBeLessThanOrEqual(100_000)
    expect(starts.length).toBeLessThan(20)
    expect(gate.usage.heldBack).toBeGreaterThan(180)
  })
})

describe('a circuit', () => {
  const breaker = { failures: 3, coolDownMs: 10_000 }

  test('opens after failures in a row; then calls fail without being made', async () => {
    const { gate, time, events } = gateOnFakeTime({ breaker, maxRetries: 5 })
    const { call, starts } = scriptedCall(time, [DOWN])
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toBe(DOWN)
    expect(starts).toHaveLength(3)
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'vendor is not asked for the time being: vendor answered 503',
      cause: DOWN,
    })
    expect(starts).toHaveLength(3)
    expect(gate.usage.heldBack).toBe(1)
    expect(events.map(({ event }) => event)).toEqual([
      'provider_call_failed',
      'provider_call_failed',
      'provider_circuit_open',
    ])
  })

  test('fails the calls that queue as soon as it opens', async () => {
    const { gate, time } = gateOnFakeTime({ breaker, maxRetries: 0, startsPerMinute: 3 })
    const { call, starts } = scriptedCall(time, [DOWN], 100)
    const all = Array.from({ length: 50 }, () => gate.run(call, notAborted()))
    await time.settle(Promise.allSettled(all))
    expect(starts).toHaveLength(3)
    expect(time.now()).toBe(100)
  })

  test('an answer in between starts the count anew', async () => {
    const { gate, time } = gateOnFakeTime({ breaker, maxRetries: 0 })
    const script = [DOWN, DOWN, new UnknownSymbol('none'), DOWN, DOWN, 'answer']
    const { call, starts } = scriptedCall(time, script)
    for (let i = 0; i < script.length; i++) {
      await time.settle(gate.run(call, notAborted())).catch(() => null)
    }
    expect(starts).toHaveLength(6)
  })

  test('lets one call probe after the cool-down while the others wait for what it finds', async () => {
    const { gate, time } = gateOnFakeTime({ breaker, maxRetries: 0 })
    const down = scriptedCall(time, [DOWN])
    for (let i = 0; i < 3; i++) await time.settle(gate.run(down.call, notAborted())).catch(() => 0)
    await time.advance(10_000)
    const { call, starts } = scriptedCall(time, ['answer'], 500)
    await time.settle(Promise.all([1, 2, 3].map(() => gate.run(call, notAborted()))))
    expect(starts).toEqual([10_000, 10_500, 10_500])
  })

  test('opens again when the probe fails, and stays half open when it is aborted', async () => {
    const { gate, time } = gateOnFakeTime({ breaker, maxRetries: 0 })
    const { call, starts } = scriptedCall(time, [DOWN])
    for (let i = 0; i < 3; i++) await time.settle(gate.run(call, notAborted())).catch(() => 0)
    await time.advance(10_000)
    const aborter = new AbortController()
    const aborted = gate.run(() => Promise.withResolvers<never>().promise, aborter.signal)
    await setImmediate()
    aborter.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toBe(DOWN)
    await expect(time.settle(gate.run(call, notAborted()))).rejects.toThrow('not asked')
    expect(starts).toHaveLength(4)
  })

  test('opens for a rate limit only when it outlasts retries', async () => {
    const { gate, time } = gateOnFakeTime({ breaker, maxRetries: 1 })
    const { call, starts } = scriptedCall(time, [new RateLimited('429', 1000)])
    for (let i = 0; i < 5; i++) await time.settle(gate.run(call, notAborted())).catch(() => 0)
    expect(starts).toHaveLength(6)
    expect(gate.usage.heldBack).toBe(2)
  })
})

describe('an abort', () => {
  const waits: readonly [
    string,
    Parameters<typeof gateOnFakeTime>[0],
    readonly unknown[],
    number,
  ][] = [
    ['the rate limit', { startsPerMinute: 1 }, ['answer'], 0],
    ['another call', { concurrency: 1 }, ['answer'], 20_000],
    ['a retry', {}, [DOWN], 0],
    ['Retry-After', {}, [new RateLimited('429', 50_000)], 0],
    ['an answer', { concurrency: 9 }, ['answer'], 20_000],
  ]

  test.each(waits)('ends the wait for %s at once', async (_, settings, script, tookMs) => {
    const { gate, time } = gateOnFakeTime(settings)
    const { call } = scriptedCall(time, script, tookMs)
    const aborter = new AbortController()
    const all = Promise.allSettled([1, 2, 3].map(() => gate.run(call, aborter.signal)))
    await time.advance(1)
    const reason = new Error('enough')
    aborter.abort(reason)
    const results = await all
    expect(results.at(-1)).toEqual({ status: 'rejected', reason })
    expect(time.now()).toBe(1)
    expect(time.sleeping).toBe(0)
  })

  test('of one caller leaves the others in their order', async () => {
    const { gate, time } = gateOnFakeTime({ startsPerMinute: 1 })
    const { call, starts } = scriptedCall(time, ['answer'])
    await time.settle(gate.run(call, notAborted()))
    const aborter = new AbortController()
    const given = gate.run(call, aborter.signal)
    const kept = gate.run(call, notAborted())
    aborter.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    await time.settle(kept)
    expect(starts).toHaveLength(2)
  })

  test('that came before makes no call', async () => {
    const { gate, time } = gateOnFakeTime()
    const { call, starts } = scriptedCall(time, ['answer'])
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(gate.run(call, signal)).rejects.toThrow('enough')
    expect(starts).toEqual([])
    expect(time.sleeping).toBe(0)
  })
})
