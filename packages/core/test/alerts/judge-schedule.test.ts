import { describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { DateTime } from 'luxon'
import { judgeSchedule } from '../../src/alerts/judge-schedule.ts'
import { previousSession, sessionsBetween } from '../../src/calendar/index.ts'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { LayerProgress } from '../../src/metrics/store/select-layer-progress.ts'

const iso = (date: string | null) => date as IsoDate | null

function layer(
  name: LayerProgress['layer'],
  done: string | null,
  { started = null, underWay = null }: { started?: string | null; underWay?: string | null } = {},
): LayerProgress {
  return {
    layer: name,
    newestDone: iso(done),
    newestStarted: iso(started),
    underWay: iso(underWay),
  }
}

/** The keys that alert at an instant, with the level of staleness. */
function alertsAt(instant: string, ...layers: readonly LayerProgress[]) {
  const now = DateTime.fromISO(instant, { setZone: true })
  if (!now.isValid) throw new Error(instant)
  return judgeSchedule(layers, { now, settleMinutes: 30 }).alerts.map(({ key, severity, facts }) =>
    key.endsWith('.stale') ? `${key} ${severity} ${facts['level'] ?? ''}` : key,
  )
}

const SYMBOLS_LATE = ['symbol_batch.overdue', 'symbol_batch.stale warning stale_1d']
const PORTFOLIOS_LATE = ['portfolio_refresh.overdue', 'portfolio_refresh.stale warning stale_1d']

describe('overdue and stale', () => {
  test.each([
    // Wednesday 2025-07-02 in summer (UTC-4); Tuesday is done.
    ['2025-07-02T12:00-04:00', []],
    ['2025-07-02T17:00-04:00', []],
    ['2025-07-02T21:14:59.999-04:00', []],
    ['2025-07-02T21:15-04:00', SYMBOLS_LATE],
    ['2025-07-03T01:14:59Z', []],
    ['2025-07-03T01:15:00Z', SYMBOLS_LATE],
    ['2025-07-02T21:44:59-04:00', SYMBOLS_LATE],
    ['2025-07-02T21:45-04:00', [...SYMBOLS_LATE, ...PORTFOLIOS_LATE]],
    ['2025-07-03T09:00-04:00', [...SYMBOLS_LATE, ...PORTFOLIOS_LATE]],
  ])('with Tuesday as the last finished session, at %s: %p', (instant, expected) => {
    const done = '2025-07-01'
    expect(
      alertsAt(instant, layer('symbol_batch', done), layer('portfolio_refresh', done)),
    ).toEqual(expected)
  })

  test.each([
    // The clocks went forward on Sunday 2025-03-09 and back on Sunday 2025-11-02.
    ['winter', '2025-03-07', '2025-03-08T02:14:59Z', '2025-03-08T02:15:00Z'],
    ['the first summer evening', '2025-03-10', '2025-03-11T01:14:59Z', '2025-03-11T01:15:00Z'],
    ['the last summer evening', '2025-10-31', '2025-11-01T01:14:59Z', '2025-11-01T01:15:00Z'],
    ['the first winter evening', '2025-11-03', '2025-11-04T02:14:59Z', '2025-11-04T02:15:00Z'],
  ])('in %s the batch of %s is awaited until 21:15 in New York', (_, session, before, at) => {
    const progress = layer('symbol_batch', previousSession(session as IsoDate))
    expect(alertsAt(before, progress)).toEqual([])
    expect(alertsAt(at, progress)).toEqual(SYMBOLS_LATE)
  })

  test.each([
    ['a Saturday', '2025-07-12T22:00-04:00', '2025-07-11'],
    ['Independence Day', '2025-07-04T22:00-04:00', '2025-07-03'],
    ['Good Friday', '2025-04-18T22:00-04:00', '2025-04-17'],
    ['a day of mourning', '2025-01-09T22:00-05:00', '2025-01-08'],
    ['Monday before its evening', '2025-07-14T21:00-04:00', '2025-07-11'],
  ])('on %s nothing is due', (_, instant, done) => {
    const layers = [layer('symbol_batch', done), layer('portfolio_refresh', done)]
    expect(alertsAt(instant, ...layers)).toEqual([])
  })

  test('the evening of a half-day is an evening like any other', () => {
    const tuesday = layer('symbol_batch', '2025-07-02')
    expect(alertsAt('2025-07-03T17:00-04:00', tuesday)).toEqual([])
    expect(alertsAt('2025-07-03T21:15-04:00', tuesday)).toEqual(SYMBOLS_LATE)
  })

  test('Friday’s missing run is overdue over the weekend until Monday is due', () => {
    const thursday = layer('symbol_batch', '2025-07-10')
    for (const instant of ['2025-07-11T21:15-04:00', '2025-07-13T12:00-04:00']) {
      expect(alertsAt(instant, thursday)).toEqual(SYMBOLS_LATE)
    }
    expect(alertsAt('2025-07-14T21:15-04:00', thursday)).toEqual([
      'symbol_batch.overdue',
      'symbol_batch.stale critical stale_2d',
    ])
  })

  test.each([
    ['under way', { started: '2025-07-02', underWay: '2025-07-02' }, []],
    ['failed', { started: '2025-07-02' }, ['symbol_batch.stale warning stale_1d']],
    ['never begun', { started: '2025-07-01' }, SYMBOLS_LATE],
  ])('at 21:20 a run %s: %p', (_, runs, expected) => {
    const progress = layer('symbol_batch', '2025-07-01', runs)
    expect(alertsAt('2025-07-02T21:20-04:00', progress)).toEqual(expected)
  })

  test('a catch-up under way still has older sessions to answer for', () => {
    const runs = { started: '2025-07-02', underWay: '2025-07-02' }
    expect(alertsAt('2025-07-02T21:20-04:00', layer('symbol_batch', '2025-06-27', runs))).toEqual([
      'symbol_batch.stale critical stale_2d',
    ])
  })

  test('where nothing ever ran the first run is overdue and no data stale', () => {
    expect(alertsAt('2025-07-02T21:15-04:00', layer('symbol_batch', null))).toEqual([
      'symbol_batch.overdue',
    ])
  })

  test('what is not wrong is fine', () => {
    const now = DateTime.fromISO('2025-07-02T22:00-04:00', { setZone: true }) as DateTime<true>
    const progress = layer('symbol_batch', '2025-07-02')
    expect(judgeSchedule([progress], { now, settleMinutes: 30 })).toEqual({
      alerts: [],
      fine: ['symbol_batch.overdue', 'symbol_batch.stale'],
    })
  })

  test('whoever finishes each session before 21:15 is never warned, at any minute of years', () => {
    const sessions = sessionsBetween('2023-01-03' as IsoDate, '2026-12-31' as IsoDate)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: sessions.length - 1 }),
        fc.integer({ min: 0, max: 5 * 24 * 60 - 1 }),
        (index, minutes) => {
          const done = sessions[index - 1]
          const next = sessions[index]
          if (done === undefined || next === undefined) throw new Error('no session')
          const from = DateTime.fromISO(`${done}T21:15`, { zone: 'America/New_York' })
          const end = DateTime.fromISO(`${next}T21:15`, { zone: 'America/New_York' })
          const now = from.plus({ minutes })
          if (now >= end || !now.isValid) return
          const layers = [layer('symbol_batch', done), layer('portfolio_refresh', done)]
          expect(judgeSchedule(layers, { now, settleMinutes: 30 }).alerts).toEqual([])
        },
      ),
      { seed: 90, numRuns: 500 },
    )
  })
})
