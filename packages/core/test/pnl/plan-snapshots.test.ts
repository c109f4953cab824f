import { describe, expect, test } from '@jest/globals'
import type { IsoDate, SessionDate } from '../../src/calendar/iso-date.ts'
import { planSnapshots, type SnapshotRequest } from '../../src/pnl/index.ts'

const session = (date: string) => `2024-01-${date}` as SessionDate
const sessions = (...dates: string[]) => dates.map(session)

/** A portfolio with equity as of 3 January; target Wednesday 10 January. */
function plan(request: Partial<SnapshotRequest>) {
  return planSnapshots({
    state: null,
    equityAsOf: session('03'),
    target: session('10'),
    range: null,
    earliestEntry: null,
    force: false,
    withoutBars: new Set(),
    ...request,
  })
}

const upTo = (latest: string, ...holes: string[]) => ({
  first: session('03'),
  latest: session(latest),
  holes: sessions(...holes),
})
const range = (from: string, to: string) => ({ from: session(from), to: session(to) })

describe('a new portfolio', () => {
  test('is due from equity_as_of through the target', () => {
    expect(plan({}).sessions).toEqual(sessions('03', '04', '05', '08', '09', '10'))
  })

  test('without equity_as_of is due for the target, which becomes it', () => {
    expect(plan({ equityAsOf: null })).toEqual({
      sessions: sessions('10'),
      skipped: [],
      equityAsOf: session('10'),
    })
  })

  test('without equity_as_of begins with the first session of a range, which becomes it', () => {
    expect(plan({ equityAsOf: null, range: range('06', '09') })).toMatchObject({
      sessions: sessions('08', '09'),
      equityAsOf: session('08'),
    })
  })

  test('with equity as of a Saturday begins with the closes of Friday', () => {
    expect(plan({ equityAsOf: session('06') })).toMatchObject({
      sessions: sessions('05', '08', '09', '10'),
      equityAsOf: session('06'),
    })
  })

  test('begins with equity_as_of even when the range begins later, and never earlier', () => {
    expect(plan({ range: range('08', '09') }).sessions).toEqual(sessions('03', '08', '09'))
    expect(plan({ range: range('02', '04') }).sessions).toEqual(sessions('03', '04'))
    expect(plan({ range: range('02', '02') })).toEqual({
      sessions: [],
      skipped: [],
      equityAsOf: session('03'),
    })
  })

  test('whose equity is of a day to come is not due', () => {
    expect(plan({ equityAsOf: session('11') }).sessions).toEqual([])
  })
})

describe('a portfolio with snapshots', () => {
  test('is due for the sessions after its latest', () => {
    expect(plan({ state: upTo('08') }).sessions).toEqual(sessions('09', '10'))
  })

  test('that is at the target is not due', () => {
    expect(plan({ state: upTo('10') })).toEqual({
      sessions: [],
      skipped: [],
      equityAsOf: session('03'),
    })
  })

  test('is due for its holes, and all later snapshots are computed again', () => {
    expect(plan({ state: upTo('09', '05') }).sessions).toEqual(sessions('05', '08', '09', '10'))
  })

  test('in a range is due for what is missing there alone, and what follows from it', () => {
    const state = upTo('09', '04', '08')
    expect(plan({ state, range: range('05', '08') }).sessions).toEqual(sessions('08', '09'))
    expect(plan({ state, range: range('10', '10') }).sessions).toEqual(sessions('10'))
    expect(plan({ state, range: range('05', '05') }).sessions).toEqual([])
  })

  test('is computed again from a forced date through its latest', () => {
    expect(plan({ state: upTo('10'), range: range('05', '05'), force: true }).sessions).toEqual(
      sessions('05', '08', '09', '10'),
    )
    expect(plan({ state: upTo('10'), force: true }).sessions).toEqual(sessions('10'))
  })

  test('gets earlier dates only from inception, and then all of its snapshots again', () => {
    const state = { first: session('09'), latest: session('10'), holes: [] }
    const equityAsOf = session('09')
    expect(plan({ state, equityAsOf, range: range('02', '10') }).sessions).toEqual([])
    expect(plan({ state, equityAsOf, earliestEntry: session('05') }).sessions).toEqual(
      sessions('05', '08', '09', '10'),
    )
  })

  test('with a lot older than the calendar begins from inception with the calendar', () => {
    const { sessions: due } = plan({
      earliestEntry: '1950-05-05' as IsoDate,
      range: range('02', '03'),
    })
    expect(due).toEqual(sessions('02', '03'))
    expect(plan({ earliestEntry: '1950-05-05' as IsoDate }).sessions[0]).toBe('1990-01-02')
  })
})

describe('a date without any bar in the market', () => {
  const withoutBars = new Set(sessions('05', '10'))

  test('is skipped and reported', () => {
    expect(plan({ state: upTo('04'), withoutBars })).toMatchObject({
      sessions: sessions('08', '09'),
      skipped: sessions('05', '10'),
    })
  })

  test('makes no work as a hole that cannot be filled', () => {
    expect(plan({ state: upTo('09', '05'), withoutBars })).toMatchObject({
      sessions: [],
      skipped: sessions('05', '10'),
    })
  })
})

test('portfolios that lag by different sessions each get exactly theirs', () => {
  const lag = (latest: string) => plan({ state: upTo(latest) }).sessions
  expect([lag('04'), lag('09'), lag('10')]).toEqual([
    sessions('05', '08', '09', '10'),
    sessions('10'),
    [],
  ])
})
