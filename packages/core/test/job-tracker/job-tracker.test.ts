import { describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import type { Clock } from '../../src/clock/index.ts'
import { BatchJobType, JobTracker } from '../../src/job-tracker/index.ts'

const { SYMBOL_BATCH, PORTFOLIO_REFRESH, SYMBOL_ONBOARDING, LEGACY_BATCH } = BatchJobType

function trackerWithClock() {
  let now = DateTime.utc(2025, 7, 3, 1) as DateTime<true>
  const clock: Clock = { now: () => now }
  const tracker = new JobTracker({ clock, timeoutMinutes: 30 })
  return { tracker, pass: (minutes: number) => (now = now.plus({ minutes })) }
}

const job = (batchRunId: string) => ({ batchRunId, triggeredBy: 'test' })

describe('the tracker of jobs', () => {
  test('knows one job of each type, independent of the other types', () => {
    const { tracker } = trackerWithClock()
    expect(tracker.start({ ...job('a'), jobType: SYMBOL_BATCH })).toBe(true)
    expect(tracker.start({ ...job('b'), jobType: SYMBOL_ONBOARDING })).toBe(true)
    expect(tracker.start({ ...job('c'), jobType: SYMBOL_BATCH })).toBe(false)
    expect(tracker.get(SYMBOL_BATCH)?.batchRunId).toBe('a')
    expect(tracker.get(PORTFOLIO_REFRESH)).toBeNull()
    expect(tracker.isRunning(SYMBOL_ONBOARDING)).toBe(true)
    tracker.complete(SYMBOL_BATCH)
    expect(tracker.isRunning(SYMBOL_BATCH)).toBe(false)
    expect(tracker.isRunning(SYMBOL_ONBOARDING)).toBe(true)
  })

  test('has the view of one run for callers that name no type', () => {
    const { tracker, pass } = trackerWithClock()
    expect(tracker.getCurrent()).toBeNull()
    tracker.start(job('legacy'))
    expect(tracker.getCurrent()).toMatchObject({ batchRunId: 'legacy', jobType: LEGACY_BATCH })
    expect(tracker.start(job('another'))).toBe(false)
    pass(1)
    tracker.start({ ...job('later'), jobType: SYMBOL_BATCH })
    expect(tracker.getCurrent()?.batchRunId).toBe('legacy')
    expect(tracker.all().map(({ batchRunId }) => batchRunId)).toEqual(['legacy', 'later'])
    tracker.complete()
    expect(tracker.getCurrent()?.batchRunId).toBe('later')
  })

  test('lets a job expire that nobody completes, at the limit and not before', () => {
    const { tracker, pass } = trackerWithClock()
    tracker.start({ ...job('lost'), jobType: SYMBOL_BATCH })
    pass(29.99)
    expect(tracker.isRunning(SYMBOL_BATCH)).toBe(true)
    pass(0.01)
    expect(tracker.isRunning(SYMBOL_BATCH)).toBe(false)
    expect(tracker.start({ ...job('next'), jobType: SYMBOL_BATCH })).toBe(true)
  })

  test('does not take the end of an expired job for that of its successor', () => {
    const { tracker, pass } = trackerWithClock()
    tracker.start({ ...job('slow'), jobType: SYMBOL_BATCH })
    pass(30)
    tracker.start({ ...job('next'), jobType: SYMBOL_BATCH })
    tracker.complete(SYMBOL_BATCH, 'slow')
    expect(tracker.get(SYMBOL_BATCH)?.batchRunId).toBe('next')
    tracker.complete(SYMBOL_BATCH, 'next')
    expect(tracker.isRunning(SYMBOL_BATCH)).toBe(false)
  })
})
