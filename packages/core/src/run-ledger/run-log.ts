import type { Activity } from '../batch/activity-log.ts'
import type { RunRow } from './run-view.ts'
import type { FailedItem } from './store/select-failures.ts'
import type { RunRecord } from './store/select-run-record.ts'

/** One line of what a run did. */
export interface RunLogEntry {
  readonly at: string
  readonly level: 'info' | 'warning' | 'error'
  readonly event:
    'run_started' | 'phase_started' | 'phase_ended' | 'item_failed' | 'alert' | 'run_ended'
  readonly text: string
}

/**
 * What a run did, in the order of time, told from its records: its start, its phases as far as its
 * activity log goes back, its failed items, what it alerted, its end.
 */
export function runLog(
  run: RunRow,
  { activity, result }: RunRecord,
  failures: readonly FailedItem[],
): readonly RunLogEntry[] {
  const start: RunLogEntry = {
    at: run.started_at.toISOString(),
    level: 'info',
    event: 'run_started',
    text: `${run.job_type} for ${run.target_date ?? 'no date'}, ${run.source}, by ${run.triggered_by}`,
  }
  const middle = [...activity.map(activityEntry), ...failures.map(failureEntry)]
  middle.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  return [start, ...middle, ...endEntries(run, result?.alerts ?? [])]
}

function activityEntry(activity: Activity): RunLogEntry {
  const { at, date, phase, status, processed = 0, skipped = 0, failed = 0 } = activity
  if (activity.event === 'started') {
    return { at, level: 'info', event: 'phase_started', text: `${date} ${phase}` }
  }
  const counts = `${processed} done, ${skipped} skipped, ${failed} failed`
  const error = activity.error === undefined ? '' : `: ${activity.error}`
  return {
    at,
    level: status === 'failed' ? 'error' : failed > 0 ? 'warning' : 'info',
    event: 'phase_ended',
    text: `${date} ${phase}: ${status ?? 'ended'}, ${counts}, ${activity.duration_ms ?? 0} ms${error}`,
  }
}

function failureEntry(item: FailedItem): RunLogEntry {
  const session = item.session === null ? '' : `${item.session} `
  return {
    at: item.failed_at.toISOString(),
    level: 'error',
    event: 'item_failed',
    text: `${session}${item.job_name} ${item.item_id ?? '-'}: ${item.reason ?? 'failed'}: ${item.error_message ?? ''}`,
  }
}

function endEntries(run: RunRow, alerts: readonly string[]): readonly RunLogEntry[] {
  if (run.completed_at === null) return []
  const at = run.completed_at.toISOString()
  const isGood = run.status === 'completed' || run.status === 'completed_with_warnings'
  const reason = run.reason === null ? '' : ` (${run.reason})`
  return [
    ...alerts.map((text): RunLogEntry => ({ at, level: 'warning', event: 'alert', text })),
    {
      at,
      level: isGood ? 'info' : 'error',
      event: 'run_ended',
      text: `${run.status}${reason}: ${run.completed_jobs} done, ${run.failed_jobs} failed`,
    },
  ]
}
