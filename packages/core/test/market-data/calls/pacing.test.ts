import { describe, expect, test } from '@jest/globals'
import fc from '../../harness/fast-check.ts'
import { RateLimited, Unavailable } from '../../../src/market-data/calls/provider-errors.ts'
import { gateOnFakeTime, notAborted, scriptedCall } from './gates.ts'

const SEED = 30

/** One call: when it comes, how long its way to the server and back takes, and whether it is refused first. */
const arrival = fc.record({
  comesAt: fc.integer({ min: 0, max: 200_000 }),
  wayThereMs: fc.integer({ min: 0, max: 3000 }),
  wayBackMs: fc.integer({ min: 0, max: 3000 }),
  failures: fc.integer({ min: 0, max: 2 }),
})

describe('the pace of calls', () => {
  test('no 60 s on the server’s clock see more than N starts, whatever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (arrivals, startsPerMinute, concurrency) => {
          const breaker = { failures: 1000, coolDownMs: 1 }
          const { gate, time } = gateOnFakeTime({ startsPerMinute, concurrency, breaker })
          const seen: number[] = []
          const calls = arrivals.map(async ({ comesAt, wayThereMs, wayBackMs, failures }) => {
            await time.sleep(comesAt, notAborted())
            let left = failures
            await gate.run(async (signal) => {
              await time.sleep(wayThereMs, signal)
              seen.push(time.now())
              await time.sleep(wayBackMs, signal)
              if (left-- > 0) throw new Unavailable('503')
            }, notAborted())
          })
          await time.settle(Promise.all(calls))
          seen.sort((a, b) => a - b)
          for (const [i, first] of seen.entries()) {
            const next = seen[i + startsPerMinute]
            if (next !== undefined) expect(next - first).toBeGreaterThan(60_000)
          }
          const retries = arrivals.reduce((sum, { failures }) => sum + failures, 0)
          expect(gate.usage).toMatchObject({ calls: arrivals.length + retries, retries })
        },
      ),
      { seed: SEED, numRuns: 60 },
    )
  })

  test('keeps the provider as busy as it allows', async () => {
    const { gate, time } = gateOnFakeTime({ startsPerMinute: 5 })
    const { call } = scriptedCall(time, ['answer'], 100)
    await time.settle(Promise.all(Array.from({ length: 50 }, () => gate.run(call, notAborted()))))
    // Nine full minutes lie between ten bursts of five, each two answers (100 ms) and a margin long.
    expect(time.now()).toBeLessThan(9 * 60_500)
    expect(gate.usage.waitedMs).toBeLessThanOrEqual(time.now())
  })

  test('thousands of calls at no cost queue without a warning or a delay', async () => {
    const { gate, time } = gateOnFakeTime({ startsPerMinute: 1_000_000 })
    const warnings: string[] = []
    const onWarning = (warning: Error) => warnings.push(warning.message)
    process.on('warning', onWarning)
    const { signal } = new AbortController()
    const call = () => Promise.resolve('answer')
    await time.settle(Promise.all(Array.from({ length: 5000 }, () => gate.run(call, signal))))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
    expect(gate.usage).toEqual({ calls: 5000, retries: 0, heldBack: 0, waitedMs: 0 })
  })
})

describe('a provider that behaves at random', () => {
  test('is never asked while its circuit is open, and waiting stays within the budget', async () => {
    const behaviour = fc.constantFrom('answer', 'down', 'limited', 'limited for long', 'stall')
    await fc.assert(
      fc.asyncProperty(
        fc.array(behaviour, { minLength: 30, maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        async (behaviours, concurrency) => {
          const maxRetryWaitMs = 120_000
          const { gate, time, events } = gateOnFakeTime({
            concurrency,
            maxRetryWaitMs,
            timeoutMs: 10_000,
            breaker: { failures: 3, coolDownMs: 20_000 },
          })
          const starts: number[] = []
          const call = async (signal: AbortSignal) => {
            const step = behaviours[starts.length % behaviours.length]
            starts.push(time.now())
            await time.sleep(step === 'stall' ? 60_000 : 50, signal)
            if (step === 'down') throw new Unavailable('503')
            if (step === 'limited') throw new RateLimited('429', 4000)
            if (step === 'limited for long') throw new RateLimited('429', 90_000)
          }
          const runs = Array.from({ length: 30 }, async (_, i) => {
            await time.sleep(i * 5000, notAborted())
            return gate.run(call, notAborted())
          })
          const results = await time.settle(Promise.allSettled(runs))
          for (const result of results) {
            if (result.status === 'rejected') {
              expect(['unavailable', 'rate_limited']).toContain(
                (result.reason as Unavailable | RateLimited).kind,
              )
            }
          }
          for (const { at, event, fields } of events) {
            if (event !== 'provider_circuit_open') continue
            const until = at + (fields as { open_ms: number }).open_ms
            expect(starts.filter((start) => start > at && start < until)).toEqual([])
          }
          expect(gate.usage.waitedMs).toBeLessThanOrEqual(maxRetryWaitMs)
          expect(time.sleeping).toBe(0)
        },
      ),
      { seed: SEED, numRuns: 60 },
    )
  })
})
