import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { DateTime } from 'luxon'
import { fixedClock } from '../../../src/clock/index.ts'
import type { CallGate } from '../../../src/market-data/calls/call-gate.ts'
import {
  createCallGate,
  type CallGateSettings,
} from '../../../src/market-data/calls/create-call-gate.ts'
import { createPolygonProvider } from '../../../src/market-data/providers/polygon/create-polygon-provider.ts'
import type { MarketDataProvider } from '../../../src/market-data/provider.ts'

export const KEY = 'k3y-that-nobody-may-see'

/** What a server does with a call: a JSON answer, or anything that it does to the response itself. */
export type Answer = object | ((response: ServerResponse) => void)

export interface Vendor extends AsyncDisposable {
  readonly provider: MarketDataProvider
  readonly gate: CallGate
  /** Path and query of each call. */
  readonly calls: string[]
  readonly keys: Set<string | undefined>
  /** All that was logged. */
  readonly logged: unknown[]
}

/** The provider, through a real gate, in front of a local server that answers as told. */
export async function startVendor(
  answer: (url: URL, index: number) => Answer,
  { settings = {}, now = '2024-01-05T22:00:00Z', path = '' }: VendorOptions = {},
): Promise<Vendor> {
  const calls: string[] = []
  const keys = new Set<string | undefined>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host ?? ''}`)
    keys.add(request.headers.authorization)
    const index = calls.push(decodeURIComponent(`${url.pathname}${url.search}`)) - 1
    const what = answer(url, index)
    if (typeof what === 'function') what(response)
    else response.end(JSON.stringify(what))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const logged: unknown[] = []
  const note = (...event: unknown[]) => logged.push(event)
  const log = { info: note, warn: note }
  const gate = createCallGate(
    {
      provider: 'polygon',
      concurrency: 4,
      startsPerMinute: 10_000,
      timeoutMs: 30_000,
      maxRetries: 2,
      maxCalls: null,
      maxRetryWaitMs: null,
      breaker: { failures: 5, coolDownMs: 60_000 },
      ...settings,
    },
    {
      now: () => performance.now(),
      sleep: async (ms, signal) => setTimeout(ms, undefined, { signal }),
      random: () => 0,
      log,
    },
  )
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const clock = fixedClock(DateTime.fromISO(now) as DateTime<true>)
  const provider = createPolygonProvider({ apiKey: KEY, baseUrl, gate, clock, log })
  return {
    provider,
    gate,
    calls,
    keys,
    logged,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface VendorOptions {
  readonly settings?: Partial<CallGateSettings>
  readonly now?: string
  /** Under which the server lives. */
  readonly path?: string
}

/** Answers with a status and no more. */
export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(code, headers).end('{"status":"ERROR"}')
}

/** Answers with a body that need not be JSON. */
export function text(body: string): Answer {
  return (response) => response.end(body)
}
