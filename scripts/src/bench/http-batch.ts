import { previousSession, sessionsBack } from '@sigmasight/core/calendar'
import type { BenchFigure } from './bench-figure.ts'
import { nightAfter, openWorld } from './bench-world.ts'
import { figureOf, LAST_SESSION } from './figure-of.ts'
import { startMarketServer } from './market-server.ts'
import type { Measured } from './run-measured.ts'

const HISTORY = 300
/** Nobody paces a fake market: what is measured is the work. */
export const UNPACED = {
  YAHOO_RATE_PER_MINUTE: '100000',
  POLYGON_RATE_PER_MINUTE: '100000',
  YAHOO_CONCURRENCY: '8',
  PRICE_FETCH_CONCURRENCY: '8',
}

/** A first night from a provider over HTTP without latency, profiles included. */
export async function benchHttpBatch(
  symbols: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  const range = { from: sessionsBack(LAST_SESSION, HISTORY), to: LAST_SESSION }
  await using world = await openWorld({ symbols, ...range })
  await using market = await startMarketServer(world.extraSymbols, nightAfter(LAST_SESSION))
  const env = { ...UNPACED, PRICE_PROVIDERS: 'yahoo', YAHOO_BASE_URL: market.url }
  const cold = await world.runBatch(['--date', LAST_SESSION], signal, env)
  return [
    withCalls(figureOf(`symbol batch over HTTP, ${symbols} symbols, cold history`, cold), cold),
  ]
}

/** An ordinary night of a large universe: history stored, one session more, both vendors there. */
export async function benchHttpIncrement(
  symbols: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  const range = { from: sessionsBack(LAST_SESSION, HISTORY), to: LAST_SESSION }
  await using world = await openWorld({ symbols, ...range })
  const before = previousSession(LAST_SESSION)
  await world.runBatch(['--date', before], signal)
  await using market = await startMarketServer(world.extraSymbols, nightAfter(LAST_SESSION))
  const env = {
    ...UNPACED,
    PRICE_PROVIDERS: 'yahoo,polygon',
    YAHOO_BASE_URL: market.url,
    POLYGON_BASE_URL: market.url,
    POLYGON_API_KEY: 'bench',
  }
  const phases = ['prices', 'factors', 'symbol_metrics', 'feedback_learning'].join(',')
  const daily = await world.runBatch(['--date', LAST_SESSION, '--phase', phases], signal, env)
  const name = `symbol batch over HTTP, ${symbols} symbols, daily increment`
  return [withCalls(figureOf(name, daily), daily)]
}

function withCalls(figure: BenchFigure, run: Measured): BenchFigure {
  return { ...figure, details: { ...figure.details, provider_calls: callsOf(run) } }
}

/** How often each provider was asked for prices. */
export function callsOf({ result }: Measured): unknown {
  return result.dates[0]?.phases['prices']?.metrics['provider_calls'] ?? null
}
