import { previousSession, sessionsBack } from '@sigmasight/core/calendar'
import type { BenchFigure } from './bench-figure.ts'
import { openWorld } from './bench-world.ts'
import { figureOf, LAST_SESSION } from './figure-of.ts'

/** Sessions of history besides the dates worked on: what a cold start asks for, and some. */
const HISTORY = 300

/** A first night: nothing stored, the whole window read from the file. */
export async function benchColdBatch(
  symbols: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  await using world = await openWorld({
    symbols,
    from: sessionsBack(LAST_SESSION, HISTORY),
    to: LAST_SESSION,
  })
  const cold = await world.runBatch(['--date', LAST_SESSION], signal)
  const again = await world.runBatch(['--date', LAST_SESSION], signal)
  return [
    figureOf(`symbol batch, ${symbols} symbols, cold history`, cold),
    figureOf('second run with nothing to do', again),
  ]
}

/** An ordinary night: the history is stored, the file holds one session more. */
export async function benchDailyIncrement(
  symbols: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  await using world = await openWorld({
    symbols,
    from: sessionsBack(LAST_SESSION, HISTORY),
    to: LAST_SESSION,
  })
  const cold = await world.runBatch(['--date', previousSession(LAST_SESSION)], signal)
  const daily = await world.runBatch(['--date', LAST_SESSION], signal)
  return [
    figureOf(`symbol batch, ${symbols} symbols, cold history`, cold),
    figureOf(`symbol batch, ${symbols} symbols, daily increment`, daily),
  ]
}

/** Many sessions in one run, their prices already stored. */
export async function benchBackfill(
  symbols: number,
  sessions: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  const start = sessionsBack(LAST_SESSION, sessions - 1)
  await using world = await openWorld({
    symbols,
    from: sessionsBack(start, HISTORY),
    to: LAST_SESSION,
  })
  const range = ['--start-date', start, '--end-date', LAST_SESSION]
  await world.runBatch([...range, '--phase', 'prices'], signal)
  const factors = await world.runBatch([...range, '--phase', 'factors'], signal)
  const whole = await world.runBatch(range, signal)
  return [
    figureOf(`backfill, ${symbols} symbols x ${sessions} sessions, factors`, factors),
    figureOf(`backfill, ${symbols} symbols x ${sessions} sessions, all phases`, whole),
  ]
}
