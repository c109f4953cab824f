import { describe, expect, test } from '@jest/globals'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { chunkDates, planDates, type TrackedDate } from '../../src/batch/plan-dates.ts'
import type { RunRequest } from '../../src/batch/run-request.ts'

const day = (date: string) => date as SessionDate
const MONDAY = day('2025-07-07')
const TUESDAY = day('2025-07-08')
const WEDNESDAY = day('2025-07-09')
const THURSDAY = day('2025-07-10')
const FRIDAY = day('2025-07-11')

function request(changes: Partial<RunRequest>): RunRequest {
  return {
    jobType: 'symbol_batch',
    mode: 'v2',
    source: 'manual',
    triggeredBy: 'test',
    dates: { kind: 'target', target: null, backfill: true },
    reprocess: 'missing',
    force: false,
    retryFailedPhases: false,
    maxCatchup: 30,
    chunkDays: null,
    fromInception: false,
    scope: { kind: 'universe' },
    phases: null,
    ...changes,
  }
}

const tracked = (...entries: [SessionDate, string][]): TrackedDate[] =>
  entries.map(([date, status]) => ({ date, status, phases: {} }))

const PHASES = [
  { name: 'profiles', finalDateOnly: true },
  { name: 'prices', finalDateOnly: false },
  { name: 'factors', finalDateOnly: false },
]

function plan(asked: RunRequest, rows: readonly TrackedDate[], effective: SessionDate) {
  return planDates(asked, rows, { effective, order: PHASES })
}

describe('the dates of a run', () => {
  test('a first run takes the effective date alone', () => {
    expect(plan(request({}), [], FRIDAY)).toEqual({
      target: FRIDAY,
      dates: [FRIDAY],
      cut: [],
      alerts: [],
      phasesOf: null,
    })
  })

  test('a later run catches up every session without a completed row, oldest first', () => {
    const rows = tracked(
      [MONDAY, 'completed'],
      [TUESDAY, 'failed'],
      [THURSDAY, 'completed_with_warnings'],
    )
    expect(plan(request({}), rows, FRIDAY).dates).toEqual([TUESDAY, WEDNESDAY, FRIDAY])
  })

  test('a session left running or cancelled is not done', () => {
    const rows = tracked([MONDAY, 'running'], [TUESDAY, 'cancelled'], [WEDNESDAY, 'completed'])
    expect(plan(request({}), rows, WEDNESDAY).dates).toEqual([MONDAY, TUESDAY])
  })

  test('a catch-up keeps the newest sessions and says which it left out', () => {
    const cut = plan(request({ maxCatchup: 2 }), tracked([MONDAY, 'failed']), FRIDAY)
    expect(cut.dates).toEqual([THURSDAY, FRIDAY])
    expect(cut.cut).toEqual([MONDAY, TUESDAY, WEDNESDAY])
  })

  test('of a retry are those with a failed phase, and the phases that it kept from running', () => {
    const rows: TrackedDate[] = [
      {
        date: MONDAY,
        status: 'completed',
        phases: { prices: 'completed', factors: 'completed' },
      },
      { date: TUESDAY, status: 'failed', phases: { prices: 'failed' } },
      {
        date: WEDNESDAY,
        status: 'completed_with_warnings',
        phases: { profiles: 'failed', prices: 'completed', factors: 'completed' },
      },
    ]
    const { dates, phasesOf } = plan(request({ retryFailedPhases: true }), rows, FRIDAY)
    expect(dates).toEqual([TUESDAY, WEDNESDAY])
    expect([...(phasesOf ?? [])]).toEqual([
      [TUESDAY, ['prices', 'factors']],
      [WEDNESDAY, ['profiles']],
    ])
  })

  test('without backfill the target stands alone', () => {
    const dates = { kind: 'target', target: THURSDAY, backfill: false } as const
    expect(plan(request({ dates }), tracked([MONDAY, 'failed']), FRIDAY).dates).toEqual([THURSDAY])
  })

  test('a target before the first tracked session stands alone', () => {
    const dates = { kind: 'target', target: MONDAY, backfill: true } as const
    expect(plan(request({ dates }), tracked([THURSDAY, 'failed']), FRIDAY).dates).toEqual([MONDAY])
  })

  test('a completed target is done unless forced', () => {
    const rows = tracked([FRIDAY, 'completed'])
    expect(plan(request({}), rows, FRIDAY).dates).toEqual([])
    expect(plan(request({ force: true }), rows, FRIDAY).dates).toEqual([FRIDAY])
  })

  test('a range is taken whole, never cut, and leaves out what is completed', () => {
    const dates = { kind: 'range', start: MONDAY, end: FRIDAY } as const
    const rows = tracked([TUESDAY, 'completed'])
    expect(plan(request({ dates, maxCatchup: 1 }), rows, FRIDAY).dates).toEqual([
      MONDAY,
      WEDNESDAY,
      THURSDAY,
      FRIDAY,
    ])
    expect(plan(request({ dates, force: true }), rows, FRIDAY).dates).toHaveLength(5)
    expect(plan(request({ dates, reprocess: 'all' }), rows, FRIDAY).dates).toHaveLength(5)
  })

  test('reprocess failed takes the failed sessions only', () => {
    const dates = { kind: 'range', start: MONDAY, end: FRIDAY } as const
    const rows = tracked([TUESDAY, 'failed'], [WEDNESDAY, 'completed'])
    expect(plan(request({ dates, reprocess: 'failed' }), rows, FRIDAY).dates).toEqual([TUESDAY])
  })

  test('a limited run records nothing, so for it no session is ever done', () => {
    const rows = tracked([MONDAY, 'failed'], [FRIDAY, 'completed'])
    expect(plan(request({ phases: ['factors'] }), rows, FRIDAY).dates).toEqual([FRIDAY])
  })
})

describe('slices of a range', () => {
  test('a slice spans at most so many calendar days', () => {
    const dates = [MONDAY, WEDNESDAY, FRIDAY, day('2025-07-14')]
    expect(chunkDates(dates, 3)).toEqual([[MONDAY, WEDNESDAY], [FRIDAY], [day('2025-07-14')]])
    expect(chunkDates(dates, 7)).toEqual([[MONDAY, WEDNESDAY, FRIDAY], [day('2025-07-14')]])
    expect(chunkDates(dates, null)).toEqual([dates])
    expect(chunkDates([], 7)).toEqual([])
  })
})
