import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { coerceError } from '@sigmasight/core/errors'

/** Each asks once a second. */
const PER_GROUP = 10
const TICK_MS = 1_000

export interface SteadyLoad {
  readonly url: string
  /** Dealt out to the connections; each goes round its own. */
  readonly requests: readonly autocannon.Request[]
  /** Requests a second, a multiple of ten. */
  readonly rate: number
  /** Ends the load. */
  readonly signal: AbortSignal
}

/** Milliseconds from each request to the end of its answer. */
export type Latencies = readonly number[]

/**
 * Requests that come evenly spread, whether or not the ones before them are answered: as many connections as
 * requests a second, in groups that begin one after the other. One autocannon alone sends all of a second's
 * requests at its beginning, and so measures the queue that it made.
 *
 * @throws Error when an answer is no success, or a connection broke
 */
export async function steadyLoad({ url, requests, rate, signal }: SteadyLoad): Promise<Latencies> {
  const groups = rate / PER_GROUP
  const times: number[] = []
  let dealt = 0
  const group = () =>
    new Promise<void>((done, fail) => {
      const instance = autocannon(
        {
          url,
          requests: [...requests.slice(0, 1)],
          connections: PER_GROUP,
          connectionRate: 1,
          duration: 3_600,
          setupClient: (client) => {
            const own = requests.filter(
              (_, i) => i % rate === dealt % Math.min(rate, requests.length),
            )
            dealt += 1
            client.setRequests(own)
          },
        },
        (error: unknown, { non2xx, errors }) => {
          if (error !== null && error !== undefined) fail(coerceError(error))
          else if (non2xx + errors === 0) done()
          else fail(new Error(`${non2xx} answers that are none, ${errors} errors`))
        },
      )
      instance.on('response', (_client, _status, _bytes, ms) => times.push(ms))
      signal.addEventListener(
        'abort',
        () => {
          instance.stop()
        },
        { once: true },
      )
    })
  const running: Promise<void>[] = []
  for (let i = 0; i < groups && !signal.aborted; i++) {
    running.push(group())
    await sleep(TICK_MS / groups)
  }
  await Promise.all(running)
  return times.toSorted((a, b) => a - b)
}
