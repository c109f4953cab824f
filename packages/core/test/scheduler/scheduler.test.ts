import { describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import { SCHEDULES, Scheduler, type ScheduledJob } from '../../src/scheduler/index.ts'
import { isDue } from '../../src/scheduler/schedule.ts'
import { recordingLog } from '../alerts/recording-log.ts'

function instant(text: string): DateTime<true> {
  const parsed = DateTime.fromISO(text, { setZone: true }).toUTC()
  if (!parsed.isValid) throw new Error(`${text} is no instant`)
  return parsed
}

function scheduleOf(job: ScheduledJob) {
  const schedule = SCHEDULES.find((one) => one.job === job)
  if (schedule === undefined) throw new Error(`no schedule of ${job}`)
  return schedule
}

interface Modes {
  readonly isEnabled: boolean
  readonly isV2: boolean
}

/** A scheduler whose clock a test moves, and everything it began. */
function scheduler(
  from: string,
  modes: Modes,
  jobs: Partial<Record<string, () => Promise<void>>> = {},
) {
  const state = { now: instant(from) }
  const begun: string[] = []
  const begin = (name: string) => {
    begun.push(`${name} ${state.now.toFormat("ccc HH:mm'Z'")}`)
    return jobs[name]?.() ?? Promise.resolve()
  }
  const { log, lines } = recordingLog()
  const made = new Scheduler({
    clock: { now: () => state.now },
    log,
    ...modes,
    run: (job) => begin(job),
    watch: () => begin('watch'),
  })
  return {
    made,
    begun,
    lines,
    /** Ticks every so many minutes up to an instant, each tick after the work of the one before. */
    passTo: async (until: string, minutes = 30): Promise<void> => {
      while (state.now < instant(until)) {
        state.now = state.now.plus({ minutes })
        made.tick()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    jobs: () => begun.filter((name) => !name.startsWith('watch')),
  }
}

const LEGACY = { isEnabled: true, isV2: false }
const WEEK = ['2025-07-07T12:00:00Z', '2025-07-14T12:00:00Z'] as const

describe('the schedules', () => {
  test('of legacy mode begin all six jobs, on their days', async () => {
    const { made, passTo, jobs } = scheduler(WEEK[0], LEGACY)
    expect([...made.jobs].sort()).toEqual([
      ...['admin_metrics', 'company_profiles', 'daily_batch'],
      ...['feedback_learning', 'verification', 'weekly_correlations'],
    ])
    await passTo(WEEK[1])
    const days = ['Tue', 'Wed', 'Thu', 'Fri', 'Sat']
    expect(jobs().filter((job) => job.startsWith('daily_batch'))).toEqual(
      days.map((day) => `daily_batch ${day} 01:00Z`),
    )
    expect(jobs().filter((job) => job.startsWith('company_profiles'))).toHaveLength(5)
    expect(jobs().filter((job) => job.startsWith('verification'))).toHaveLength(5)
    expect(jobs().filter((job) => job.startsWith('admin_metrics'))).toHaveLength(7)
    expect(jobs().filter((job) => job.startsWith('weekly'))).toEqual([
      'weekly_correlations Sun 22:00Z',
    ])
    expect(jobs().filter((job) => job.startsWith('feedback'))).toEqual([
      'feedback_learning Mon 00:00Z',
    ])
  })

  test('of V2 mode begin two, since programs of their own do the rest', async () => {
    const { made, passTo, jobs } = scheduler(WEEK[0], { isEnabled: true, isV2: true })
    expect([...made.jobs].sort()).toEqual(['admin_metrics', 'feedback_learning'])
    await passTo(WEEK[1])
    expect(jobs()).toHaveLength(8)
  })

  test('are not kept when the scheduler is off, but the watch is', async () => {
    const { passTo, begun, jobs } = scheduler(WEEK[0], { isEnabled: false, isV2: false })
    await passTo('2025-07-07T13:00:00Z', 1)
    expect(jobs()).toEqual([])
    // Every five minutes, beginning at once.
    expect(begun).toHaveLength(12)
  })

  test('begin a job once however rarely the clock ticks, and nothing from before the start', async () => {
    const { passTo, jobs } = scheduler('2025-07-08T01:00:00Z', LEGACY)
    await passTo('2025-07-10T12:00:00Z', 60 * 59)
    expect(jobs().filter((job) => job.startsWith('daily_batch'))).toHaveLength(1)
  })

  test.each([
    ['in summer', '2025-07-07T22:59:00Z', '2025-07-07T23:00:00Z'],
    ['in winter', '2025-01-06T23:59:00Z', '2025-01-07T00:00:00Z'],
    ['the Monday after clocks go forward', '2025-03-10T22:59:00Z', '2025-03-10T23:00:00Z'],
    ['the Monday after clocks go back', '2025-11-03T23:59:00Z', '2025-11-04T00:00:00Z'],
  ])('of New York keep its wall clock %s', (_title, before, at) => {
    const profiles = scheduleOf('company_profiles')
    expect(isDue(profiles, instant(before).minus({ minutes: 1 }), instant(before))).toBe(false)
    expect(isDue(profiles, instant(before), instant(at))).toBe(true)
  })
})

describe('the clockwork', () => {
  test('does not begin a job again that is still under way, and goes on when one fails', async () => {
    let release = (): void => undefined
    const stuck = new Promise<void>((resolve) => (release = resolve))
    const { made, passTo, jobs, lines } = scheduler(WEEK[0], LEGACY, {
      admin_metrics: () => stuck,
      verification: () => Promise.reject(new Error('no database')),
    })
    await passTo('2025-07-10T12:00:00Z')
    expect(jobs().filter((job) => job.startsWith('admin_metrics'))).toHaveLength(1)
    expect(jobs().filter((job) => job.startsWith('verification'))).toHaveLength(3)
    expect(lines.filter(({ message }) => message === 'scheduled_job_failed')).toHaveLength(3)
    let isEnded = false
    const end = made[Symbol.asyncDispose]().then(() => (isEnded = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isEnded).toBe(false)
    release()
    await end
  })
})
