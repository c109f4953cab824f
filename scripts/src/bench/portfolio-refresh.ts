import { previousSession, sessionsBack } from '@sigmasight/core/calendar'
import { runStatement } from '@sigmasight/core/database'
import type { BenchFigure } from './bench-figure.ts'
import { insertPortfolios, POSITIONS } from './bench-portfolios.ts'
import { openWorld } from './bench-world.ts'
import { figureOf, LAST_SESSION } from './figure-of.ts'

const SYMBOLS = 500
const HISTORY = 300

/** An ordinary night of the portfolio layer: every portfolio has yesterday's snapshot and lacks today's. */
export async function benchPortfolioRefresh(
  portfolios: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  const yesterday = previousSession(LAST_SESSION)
  const from = sessionsBack(LAST_SESSION, HISTORY)
  await using world = await openWorld({ symbols: SYMBOLS, from, to: LAST_SESSION })
  await world.runBatch(['--date', yesterday], signal)
  await world.runBatch(['--date', LAST_SESSION], signal)
  await runStatement(world.database, insertPortfolios(portfolios, yesterday))
  const first = await world.runRefresh(['--date', yesterday], signal)
  const night = await world.runRefresh(['--date', LAST_SESSION], signal)
  const again = await world.runRefresh(['--date', LAST_SESSION], signal)
  const name = `portfolio refresh, ${portfolios} portfolios x ${POSITIONS} positions`
  return [
    figureOf(`${name}, first night`, first),
    figureOf(`${name}, ordinary night`, night),
    figureOf(`${name}, nothing to do`, again),
  ]
}
