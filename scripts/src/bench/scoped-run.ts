import { previousSession, sessionsBack } from '@sigmasight/core/calendar'
import { runStatement } from '@sigmasight/core/database'
import type { BenchFigure } from './bench-figure.ts'
import { insertPortfolios, POSITIONS } from './bench-portfolios.ts'
import { nightAfter, openWorld } from './bench-world.ts'
import { figureOf, LAST_SESSION } from './figure-of.ts'
import { callsOf, UNPACED } from './http-batch.ts'
import { startMarketServer } from './market-server.ts'

const HISTORY = 300

/**
 * One portfolio among many symbols brought to a new session by itself, with both programs, beside the whole
 * universe, from a provider over HTTP.
 */
export async function benchScopedRun(
  symbols: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  const range = { from: sessionsBack(LAST_SESSION, HISTORY), to: LAST_SESSION }
  await using world = await openWorld({ symbols, ...range })
  const before = previousSession(LAST_SESSION)
  await world.runBatch(['--date', before], signal)
  await runStatement(world.database, insertPortfolios(1, before))
  await world.runRefresh(['--date', before], signal)
  const { rows } = await runStatement(world.database, 'select id from portfolios')
  const [portfolio] = rows as readonly { readonly id: string }[]
  const one = ['--date', LAST_SESSION, '--portfolio-id', portfolio?.id ?? '']
  await using market = await startMarketServer(world.extraSymbols, nightAfter(LAST_SESSION))
  const env = { ...UNPACED, PRICE_PROVIDERS: 'yahoo', YAHOO_BASE_URL: market.url }
  const scoped = await world.runBatch(one, signal, env)
  // A refresh waits until the whole universe is there, whatever it is limited to.
  const full = await world.runBatch(['--date', LAST_SESSION], signal, env)
  const refreshed = await world.runRefresh(one, signal)
  const calls = { provider_calls: callsOf(scoped), of_the_whole: callsOf(full) }
  const name = `one portfolio x ${POSITIONS} positions of ${symbols} symbols`
  const [batch, refresh] = [figureOf(`${name}, symbol batch`, scoped), figureOf(name, refreshed)]
  return [
    { ...batch, details: { ...batch.details, ...calls } },
    { ...refresh, name: `${name}, portfolio refresh` },
    { name: `${name}, both`, seconds: scoped.seconds + refreshed.seconds, details: calls },
  ]
}
