import { closeDeadRuns } from '../batch/dead-runs.ts'
import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/index.ts'
import { selectLayerProgress } from '../metrics/index.ts'
import { sendVerdict, type AlertSender } from './create-alert-sender.ts'
import { judgeSchedule } from './judge-schedule.ts'

export interface ScheduleCheck {
  readonly database: Database
  readonly clock: Clock
  readonly alerts: AlertSender
  readonly settleMinutes: number
}

/**
 * Alerts what is overdue or stale at present, and tells what no longer is; to be called every few
 * minutes by a process that stays. Closes dead runs first: a process that was killed cannot alert for
 * itself, and shows here as a run that never began. Throws when the database does not answer.
 */
export async function checkSchedule(check: ScheduleCheck): Promise<void> {
  const { database, clock, alerts, settleMinutes } = check
  const now = clock.now()
  await closeDeadRuns(database.db, [], now.toJSDate())
  const layers = await selectLayerProgress(database.db)
  await sendVerdict(alerts, judgeSchedule(layers, { now, settleMinutes }))
}
