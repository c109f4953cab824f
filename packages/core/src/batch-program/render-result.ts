import type { RunResult } from '../batch/index.ts'
import { formatDuration, formatTable } from '../cli/index.ts'

/** The closing table of a run for a terminal: one line per date and phase, then alerts and totals. */
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
  const alerts = result.alerts.map((alert) => `! ${alert}\n`).join('')
  const reason = result.reason === undefined ? '' : ` (${result.reason})`
  const took = formatDuration(result.total_duration_seconds * 1000)
  const counts = `${result.symbols_processed} symbols, ${result.portfolios_processed} portfolios`
  const line = `${result.job_type} ${result.target_date}: ${result.status}${reason}, ${counts}, ${took}\n`
  return `${rows.length > 0 ? formatTable(rows) : ''}${alerts}${line}`
}
