import type { RunResult } from '@sigmasight/core/batch'
import { formatDuration, formatTable } from '@sigmasight/core/cli'

/** The closing table of a run for a terminal: one line per phase and date, then the totals. */
export function renderResult(result: RunResult): string {
  const rows = result.dates.flatMap(({ date, phases }) =>
    Object.entries(phases).map(([phase, entry]) => ({
      date,
      phase,
      status: entry.status,
      done: entry.processed,
      failed: entry.failed,
      skipped: entry.skipped,
      took: formatDuration(entry.duration_ms),
    })),
  )
  const reason = result.reason === undefined ? '' : ` (${result.reason})`
  const took = formatDuration(result.total_duration_seconds * 1000)
  const alerts = result.alerts.map((alert) => `! ${alert}\n`).join('')
  return `${rows.length > 0 ? formatTable(rows) : ''}${alerts}${result.job_type} ${result.target_date}: ${result.status}${reason}, ${result.symbols_processed} symbols, ${took}\n`
}
