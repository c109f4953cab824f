import { previousSession, sessionsBack, sessionsBetween } from '@sigmasight/core/calendar'
import { runStatement } from '@sigmasight/core/database'
import type { BenchFigure } from './bench-figure.ts'
import { insertPortfolios, POSITIONS } from './bench-portfolios.ts'
import { openWorld } from './bench-world.ts'
import { LAST_SESSION } from './figure-of.ts'
import { repeatHistory } from './repeat-history.ts'

const SYMBOLS = 500
const PORTFOLIOS = 150
/** What the first computed date looks back at. */
const WINDOW = 300
const SESSIONS_PER_YEAR = 252
/** Nights measured after the history; the fastest counts, for other work on the machine only adds. */
const NIGHTS = 4

/** A night of both programs, with one and with three years of rows behind it. */
export async function benchHistoryGrowth(signal: AbortSignal): Promise<readonly BenchFigure[]> {
  const [one, three] = [await benchNights(1, signal), await benchNights(3, signal)]
  const ratio = Number((three.seconds / one.seconds).toFixed(3))
  return [one, { ...three, details: { ...three.details, ratio_to_one_year: ratio } }]
}

async function benchNights(years: number, signal: AbortSignal): Promise<BenchFigure> {
  const nights = sessionsBetween(sessionsBack(LAST_SESSION, NIGHTS - 1), LAST_SESSION)
  const before = previousSession(nights[0] ?? LAST_SESSION)
  const start = sessionsBack(before, years * SESSIONS_PER_YEAR)
  const from = sessionsBack(start, WINDOW)
  await using world = await openWorld({ symbols: SYMBOLS, from, to: LAST_SESSION })
  const history = ['--start-date', start, '--end-date', before, '--phase', 'prices']
  await world.runBatch(history, signal)
  await world.runBatch(['--date', before], signal)
  await runStatement(world.database, insertPortfolios(PORTFOLIOS, before))
  await world.runRefresh(['--date', before], signal)
  await repeatHistory(world.database, { of: before, on: sessionsBetween(start, before) })
  const all: { readonly symbols: number; readonly portfolios: number }[] = []
  for (const night of nights) {
    const { seconds: symbols } = await world.runBatch(['--date', night], signal)
    const { seconds: portfolios } = await world.runRefresh(['--date', night], signal)
    all.push({ symbols, portfolios })
  }
  const least = (of: (night: (typeof all)[number]) => number) => Math.min(...all.map(of))
  const parts = [least(({ symbols }) => symbols), least(({ portfolios }) => portfolios)] as const
  const [symbolBatch, portfolioRefresh] = parts
  return {
    name: `a night after ${years} year(s), ${SYMBOLS} symbols, ${PORTFOLIOS} portfolios x ${POSITIONS} positions`,
    seconds: symbolBatch + portfolioRefresh,
    details: { symbol_batch: symbolBatch, portfolio_refresh: portfolioRefresh, nights: all },
  }
}
