import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequestHandler, type ServedRequest } from './http/request-handler.ts'
import { createMarket } from './market/market.ts'
import type { MarketSource } from './market/market-source.ts'
import { createFaults } from './script/faults.ts'
import { checkScript } from './script/parse-script.ts'
import type { Script } from './script/script.ts'
import { createDoor } from './yahoo/door.ts'

export interface FakeMarketOptions {
  readonly source: MarketSource
  /** The market's clock: nothing later is served. */
  readonly now: () => Date
  /** Uniform in [0, 1): chance and disorder of faults. */
  readonly random: () => number
  /** 0 (the default) = any that is free. */
  readonly port?: number
  readonly script?: Script
  /** Milliseconds on a clock that only goes forward, by which calls per 60 s are counted. */
  readonly steadyMs?: () => number
  /** Hears of every request once its answer is decided. */
  readonly onRequest?: (request: ServedRequest) => void
}

export interface FakeMarket extends AsyncDisposable {
  /** For YAHOO_BASE_URL and POLYGON_BASE_URL alike, without a slash at the end. */
  readonly url: string
  /** In order of arrival. */
  readonly requests: readonly ServedRequest[]
  /** Stops the market's clock at an instant. */
  setNow(now: Date): void
  /** Another script from now on, its counts at zero. Throws ScriptError. */
  setScript(script: Script): void
  /** Yahoo refuses every crumb given out so far. */
  rotateCrumb(): void
  /** Ends every connection, those held by a fault too. */
  stop(): Promise<void>
}

/** Longer than a client keeps an idle connection, so that it is never closed under a new request. */
const KEEP_ALIVE_MS = 120_000
/** The client names every line of a statement in one URL of 20 kB, more than Node takes by itself. */
const MAX_HEADER_BYTES = 65_536

/**
 * Starts an HTTP server on 127.0.0.1 that answers as Yahoo and Polygon do, from one source of facts as
 * traded, up to its own clock's present, and with the faults of a script.
 *
 * @throws ScriptError; the listener's error when the port is taken
 */
export async function startFakeMarket(options: FakeMarketOptions): Promise<FakeMarket> {
  const { source, random, onRequest, steadyMs = () => performance.now() } = options
  const door = createDoor()
  const requests: ServedRequest[] = []
  let now = options.now
  let faults = createFaults(checkScript(options.script ?? {}), random)
  const handler = createRequestHandler({
    world: { market: createMarket(source), random },
    door,
    faults: () => faults,
    clocks: () => ({ at: now(), steadyMs: steadyMs() }),
    arrived: (request) => requests.push(request),
    decided: (request) => onRequest?.(request),
  })
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES },
    handler,
  )
  const port = await listen(server, options.port ?? 0)
  const stop = () => stopped(server)
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    setNow(instant) {
      now = () => instant
    },
    setScript(script) {
      faults = createFaults(checkScript(script), random)
    },
    rotateCrumb() {
      door.rotate()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((listening, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed)
      listening((server.address() as AddressInfo).port)
    })
  })
}

function stopped(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => {
      done()
    })
    server.closeAllConnections()
  })
}
