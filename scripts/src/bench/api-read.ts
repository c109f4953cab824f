import type autocannon from 'autocannon'
import { previousSession, sessionsBack } from '@sigmasight/core/calendar'
import { runStatement } from '@sigmasight/core/database'
import { startServer, type BenchServer } from './api-server.ts'
import type { BenchFigure } from './bench-figure.ts'
import { insertPortfolios } from './bench-portfolios.ts'
import { openWorld, type BenchWorld } from './bench-world.ts'
import { LAST_SESSION } from './figure-of.ts'
import { steadyLoad, type Latencies, type SteadyLoad } from './steady-load.ts'

const SYMBOLS = 5000
const PORTFOLIOS = 200
const HISTORY = 400
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
  const load = { url: server.url, requests, rate: RATE }
  const cold = await loadFor(Math.ceil(requests.length / RATE), load, signal)
  const warm = await loadFor(SECONDS, load, signal)
  const night = await duringTheNight(world, load, signal)
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

/** A load that ends by itself. */
function loadFor(
  seconds: number,
  load: Omit<SteadyLoad, 'signal'>,
  signal: AbortSignal,
): Promise<Latencies> {
  return steadyLoad({
    ...load,
    signal: AbortSignal.any([signal, AbortSignal.timeout(1_000 * seconds)]),
  })
}

/** Both programs of the next night, one after the other, with readers all the while. */
async function duringTheNight(
  world: BenchWorld,
  load: Omit<SteadyLoad, 'signal'>,
  signal: AbortSignal,
): Promise<Latencies> {
  const over = new AbortController()
  const readers = steadyLoad({ ...load, signal: AbortSignal.any([signal, over.signal]) })
  await world.runBatch(['--date', LAST_SESSION], signal)
  await world.runRefresh(['--date', LAST_SESSION], signal)
  over.abort()
  return readers
}

function figureOf(name: string, times: Latencies): BenchFigure {
  const at = (share: number) => {
    const ms = times[Math.min(times.length - 1, Math.floor(share * times.length))]
    if (ms === undefined) throw new Error(`${name}: nothing was answered`)
    return Math.round(10 * ms) / 10
  }
  const details = {
    ...{ p50_ms: at(0.5), p97_5_ms: at(0.975), p99_ms: at(0.99), p99_9_ms: at(0.999) },
    ...{ max_ms: at(1), requests: times.length },
  }
  return { name, seconds: at(0.99) / 1000, details }
}
