import {
  parseIsoDate,
  previousSession,
  sessionOnOrBefore,
  sessionsBack,
} from '@sigmasight/core/calendar'
import type { BenchFigure } from './bench-figure.ts'
import { openWorld } from './bench-world.ts'
import type { Measured } from './run-measured.ts'

const LAST = sessionOnOrBefore(parseIsoDate('2026-10-30'))
/** Sessions of history besides the dates worked on: what a cold start asks for, and some. */
const HISTORY = 300

/** A first night: nothing stored, the whole window read from the file. */
export async function benchColdBatch(
  symbols: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  await using world = await openWorld({ symbols, from: sessionsBack(LAST, HISTORY), to: LAST })
  const cold = await world.runBatch(['--date', LAST], signal)
  const again = await world.runBatch(['--date', LAST], signal)
  return [
    figure(`symbol batch, ${symbols} symbols, cold history`, cold),
    figure('second run with nothing to do', again),
  ]
}

/** An ordinary night: the history is stored, the file holds one session more. */
export async function benchDailyIncrement(
  symbols: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  await using world = await openWorld({ symbols, from: sessionsBack(LAST, HISTORY), to: LAST })
  const cold = await world.runBatch(['--date', previousSession(LAST)], signal)
  const daily = await world.runBatch(['--date', LAST], signal)
  return [
    figure(`symbol batch, ${symbols} symbols, cold history`, cold),
    figure(`symbol batch, ${symbols} symbols, daily increment`, daily),
  ]
}

/** Many sessions in one run, their prices already stored. */
export async function benchBackfill(
  symbols: number,
  sessions: number,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  const start = sessionsBack(LAST, sessions - 1)
  await using world = await openWorld({ symbols, from: sessionsBack(start, HISTORY), to: LAST })
  const range = ['--start-date', start, '--end-date', LAST]
  await world.runBatch([...range, '--phase', 'prices'], signal)
  const factors = await world.runBatch([...range, '--phase', 'factors'], signal)
  const whole = await world.runBatch(range, signal)
  return [
    figure(`backfill, ${symbols} symbols x ${sessions} sessions, factors`, factors),
    figure(`backfill, ${symbols} symbols x ${sessions} sessions, all phases`, whole),
  ]
}

function figure(name: string, { seconds, peakRssMib, result }: Measured): BenchFigure {
  const phases: Record<string, number> = {}
  for (const date of result.dates) {
    for (const [phase, { duration_ms }] of Object.entries(date.phases)) {
      phases[phase] = (phases[phase] ?? 0) + duration_ms
    }
  }
  const { status, symbols_processed } = result
  return {
    name,
    seconds,
    details: { status, symbols_processed, peak_rss_mib: peakRssMib, phase_ms: phases },
  }
}
