import { parseIsoDate, sessionOnOrBefore } from '@sigmasight/core/calendar'
import type { BenchFigure } from './bench-figure.ts'
import type { Measured } from './run-measured.ts'

/** The session that all cases end on. */
export const LAST_SESSION = sessionOnOrBefore(parseIsoDate('2026-10-30'))

/** A run's figure: the wall time of its process, what it did, and where the time went. */
export function figureOf(name: string, { seconds, peakRssMib, result }: Measured): BenchFigure {
  const phases: Record<string, number> = {}
  for (const date of result.dates) {
    for (const [phase, { duration_ms }] of Object.entries(date.phases)) {
      phases[phase] = (phases[phase] ?? 0) + duration_ms
    }
  }
  const { status, symbols_processed: symbols, portfolios_processed: portfolios } = result
  return {
    name,
    seconds,
    details: { status, symbols, portfolios, peak_rss_mib: peakRssMib, phase_ms: phases },
  }
}
