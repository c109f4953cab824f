import type { DateTime } from 'luxon'

/** The jobs that the process of the API starts by itself. */
export type ScheduledJob =
  | 'daily_batch'
  | 'weekly_correlations'
  | 'company_profiles'
  | 'verification'
  | 'feedback_learning'
  | 'admin_metrics'

/** When a job is due: a time of day on some weekdays. */
export interface Schedule {
  readonly job: ScheduledJob
  /** Whether the job is this process's in V2 mode too; otherwise its programs see to it. */
  readonly inV2: boolean
  /** ISO weekdays, Monday 1 to Sunday 7. */
  readonly weekdays: readonly number[]
  readonly hour: number
  readonly minute: number
  readonly zone: 'utc' | 'America/New_York'
}

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]

/**
 * All schedules. The daily batch starts when its cron job would; what reads its results comes an hour and
 * more after it.
 */
export const SCHEDULES: readonly Schedule[] = [
  { job: 'daily_batch', inV2: false, weekdays: [2, 3, 4, 5, 6], hour: 1, minute: 0, zone: 'utc' },
  {
    job: 'company_profiles',
    inV2: false,
    weekdays: [1, 2, 3, 4, 5],
    hour: 19,
    minute: 0,
    zone: 'America/New_York',
  },
  { job: 'verification', inV2: false, weekdays: [2, 3, 4, 5, 6], hour: 3, minute: 0, zone: 'utc' },
  {
    job: 'weekly_correlations',
    inV2: false,
    weekdays: [7],
    hour: 18,
    minute: 0,
    zone: 'America/New_York',
  },
  {
    job: 'feedback_learning',
    inV2: true,
    weekdays: [7],
    hour: 20,
    minute: 0,
    zone: 'America/New_York',
  },
  { job: 'admin_metrics', inV2: true, weekdays: EVERY_DAY, hour: 4, minute: 30, zone: 'utc' },
]

/**
 * Whether a schedule came due after one instant and up to another. However many of its times lie between,
 * it is due once: every job makes up for what was missed by itself. A time of day that a clock change
 * skips is due an hour later; one that comes twice, the first time.
 */
export function isDue(schedule: Schedule, after: DateTime<true>, until: DateTime<true>): boolean {
  const latest = latestTime(schedule, until)
  return latest !== null && latest > after
}

/** The latest time of a schedule up to an instant. */
function latestTime(schedule: Schedule, until: DateTime<true>): DateTime | null {
  const { weekdays, hour, minute, zone } = schedule
  const local = until.setZone(zone)
  for (let back = 0; back <= 7; back++) {
    const time = local.minus({ days: back }).set({ hour, minute, second: 0, millisecond: 0 })
    if (weekdays.includes(time.weekday) && time <= until) return time
  }
  return null
}
