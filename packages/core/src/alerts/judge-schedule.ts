import type { DateTime } from 'luxon'
import {
  isSession,
  previousSession,
  sessionOnOrBefore,
  sessionOpen,
  staleness,
  type SessionDate,
} from '../calendar/index.ts'
import { dateInNewYork } from '../calendar/session-times.ts'
import type { RunLayer } from '../metrics/run-layer.ts'
import type { LayerProgress } from '../metrics/store/select-layer-progress.ts'
import type { Alert, Verdict } from './alert.ts'
import { RUN_NAMES } from './run-endings.ts'

/** When a session's run must have started, New York time. Half-days change nothing: the cron does not know them. */
const DUE: Readonly<Record<RunLayer, { readonly hour: number; readonly minute: number }>> = {
  symbol_batch: { hour: 21, minute: 15 },
  portfolio_refresh: { hour: 21, minute: 45 },
}

/** The present, and how long prices settle. */
export interface ScheduleMoment {
  readonly now: DateTime<true>
  readonly settleMinutes: number
}

/**
 * Whether the layers' runs are overdue and their data stale, by the latest session whose run is due
 * (21:15 in New York for symbols, 21:45 for portfolios), so that no evening warns before its batch was.
 *
 * - Overdue: no run set out for that session. A run that failed or was aborted did, and told so itself;
 *   one whose process died did not.
 * - Stale: the newest finished session lags. One session is a warning, more are critical. While a run
 *   for the due session is under way that session is not counted. Without any finished session there is
 *   no data that could be stale.
 *
 * @throws CalendarRangeError outside of the calendar
 */
export function judgeSchedule(
  layers: readonly LayerProgress[],
  { now, settleMinutes }: ScheduleMoment,
): Verdict {
  const alerts: Alert[] = []
  const fine: string[] = []
  const note = (key: string, alert: Alert | null) => {
    if (alert === null) fine.push(key)
    else alerts.push(alert)
  }
  for (const progress of layers) {
    const due = latestDue(progress.layer, now)
    note(`${progress.layer}.overdue`, overdueAlert(progress, due))
    note(`${progress.layer}.stale`, staleAlert(progress, due, settleMinutes))
  }
  return { alerts, fine }
}

/** The latest session whose run is due by an instant. */
function latestDue(layer: RunLayer, now: DateTime): SessionDate {
  const today = dateInNewYork(now)
  if (!isSession(today)) return sessionOnOrBefore(today)
  return now >= dueAt(layer, today) ? today : previousSession(today)
}

function dueAt(layer: RunLayer, session: SessionDate): DateTime<true> {
  return sessionOpen(session).set(DUE[layer])
}

function overdueAlert(progress: LayerProgress, due: SessionDate): Alert | null {
  const { layer, newestDone, newestStarted, underWay } = progress
  if ([newestDone, newestStarted, underWay].some((date) => date !== null && date >= due))
    return null
  const time = dueAt(layer, due).toFormat('HH:mm')
  return {
    key: `${layer}.overdue`,
    severity: 'critical',
    title: `${RUN_NAMES[layer]} is overdue`,
    text: `No run for ${due} had started by ${time} in New York, or its process died.`,
    facts: { session: due, newest_done: newestDone },
  }
}

function staleAlert(
  { layer, newestDone, underWay }: LayerProgress,
  due: SessionDate,
  settleMinutes: number,
): Alert | null {
  if (newestDone === null) return null
  const counted = underWay !== null && underWay >= due ? previousSession(due) : due
  const now = dueAt(layer, counted)
  const { sessions, level, severity } = staleness({ dataDate: newestDone, now, settleMinutes })
  if (severity === 'ok') return null
  return {
    key: `${layer}.stale`,
    severity,
    title: `${layer === 'symbol_batch' ? 'Symbol' : 'Portfolio'} data is stale`,
    text: `The newest finished session is ${newestDone}; ${sessions} ${sessions === 1 ? 'session is' : 'sessions are'} missing through ${counted}.`,
    facts: { level, newest_done: newestDone, due_through: counted },
  }
}
