import autocannon from 'autocannon'
import { previousSession, sessionsBack } from '@sigmasight/core/calendar'
import { runStatement } from '@sigmasight/core/database'
import { coerceError } from '@sigmasight/core/errors'
import { startServer, type BenchServer } from './api-server.ts'
import type { BenchFigure } from './bench-figure.ts'
import { insertPortfolios } from './bench-portfolios.ts'
import { openWorld, type BenchWorld } from './bench-world.ts'
import { LAST_SESSION } from './figure-of.ts'

const SYMBOLS = 5000
const PORTFOLIOS = 200
const HISTORY = 400
const CONNECTIONS = 20
const RATE = 500
const SECONDS = 20

/** What a page of a portfolio asks for. */
const QUESTIONS = [
  'overview',
  'factor-exposures',
  'positions/factor-exposures',
  'stress-test',
  'correlation-matrix',
  'diversification-score',
  'volatility',
  'beta-comparison',
  'sector-exposure',
  'concentration',
  'greeks',
  'performance',
  'pnl-explain',
  'spread-factors',
]

/** Analytics read by many at once: after a start, warm, and while the night's programs are at work. */
export async function benchApiRead(signal: AbortSignal): Promise<readonly BenchFigure[]> {
  const yesterday = previousSession(LAST_SESSION)
  const from = sessionsBack(LAST_SESSION, HISTORY)
  await using world = await openWorld({ symbols: SYMBOLS, from, to: LAST_SESSION })
  await world.runBatch(['--date', yesterday], signal)
  await runStatement(world.database, insertPortfolios(PORTFOLIOS, yesterday))
  await world.runRefresh(['--date', yesterday], signal)
  await using server = await startServer(world.env, signal)
  const requests = await requestsOf(world, server)
  const cold = await load(server, requests, { amount: requests.length })
  const warm = await load(server, requests, { duration: SECONDS })
  const night = await duringTheNight(world, server, { requests, signal })
  const rss = await server.peakRssMib()
  return [
    {
      name: `API ready, ${SYMBOLS} symbols x 400 days`,
      seconds: server.readySeconds,
      details: { listening_seconds: server.listeningSeconds, peak_rss_mib: rss },
    },
    figureOf('API reads, first time each', cold),
    figureOf(`API reads, warm, ${RATE} a second`, warm),
    figureOf(`API reads, ${RATE} a second during the night's runs`, night),
  ]
}

async function requestsOf(world: BenchWorld, server: BenchServer): Promise<autocannon.Request[]> {
  const { rows } = await runStatement(world.database, 'select id, user_id from portfolios')
  const portfolios = rows as readonly { readonly id: string; readonly user_id: string }[]
  const [owner] = portfolios
  if (owner === undefined) throw new Error('there are no portfolios')
  const headers = { authorization: `Bearer ${await server.tokenOf(owner.user_id)}` }
  return portfolios.flatMap(({ id }) =>
    QUESTIONS.map((name) => ({
      method: 'GET' as const,
      path: `/api/v1/analytics/portfolio/${id}/${name}`,
      headers,
    })),
  )
}

function load(
  { url }: BenchServer,
  requests: autocannon.Request[],
  limits: Pick<autocannon.Options, 'amount' | 'duration'>,
): Promise<autocannon.Result> {
  return autocannon({ url, requests, connections: CONNECTIONS, overallRate: RATE, ...limits })
}

/** Both programs of the next night, one after the other, with readers all the while. */
async function duringTheNight(
  world: BenchWorld,
  { url }: BenchServer,
  { requests, signal }: { readonly requests: autocannon.Request[]; readonly signal: AbortSignal },
): Promise<autocannon.Result> {
  const options = { url, requests, connections: CONNECTIONS, overallRate: RATE, duration: 600 }
  const { promise: result, resolve, reject } = Promise.withResolvers<autocannon.Result>()
  const readers = autocannon(options, (error: unknown, measured) => {
    if (error === null || error === undefined) resolve(measured)
    else reject(coerceError(error))
  })
  await world.runBatch(['--date', LAST_SESSION], signal)
  await world.runRefresh(['--date', LAST_SESSION], signal)
  readers.stop()
  return result
}

function figureOf(name: string, result: autocannon.Result): BenchFigure {
  const { latency, requests, non2xx, errors } = result
  if (non2xx > 0 || errors > 0) {
    throw new Error(`${name}: ${non2xx} answers that are none, ${errors} errors`)
  }
  const { p50, p97_5, p99, p99_9, max } = latency
  const details = { p50_ms: p50, p97_5_ms: p97_5, p99_ms: p99, p99_9_ms: p99_9, max_ms: max }
  return { name, seconds: p99 / 1000, details: { ...details, per_second: requests.average } }
}
