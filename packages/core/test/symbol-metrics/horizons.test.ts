import { describe, expect, test } from '@jest/globals'
import { horizonStarts } from '../../src/symbol-metrics/horizons.ts'
import { sessionsFrom } from '../returns/price-world.ts'

const sessions = sessionsFrom('2022-11-01', 420)

/** The dates that the horizons start from. */
function startsOf(date: string) {
  const starts = horizonStarts(
    sessions,
    sessions.findIndex((session) => session === date),
  )
  return Object.fromEntries(
    Object.entries(starts).map(([horizon, column]) => [
      horizon,
      column === null ? null : sessions[column],
    ]),
  )
}

describe('the returns of a date start from', () => {
  test('the session before, the same day of earlier months, the ends of month and year before', () => {
    expect(startsOf('2024-03-14')).toEqual({
      '1d': '2024-03-13',
      '1m': '2024-02-14',
      '3m': '2023-12-14',
      '1y': '2023-03-14',
      mtd: '2024-02-29',
      ytd: '2023-12-29',
    })
  })

  test('the session before a day that is none, and the last day of a shorter month', () => {
    // 2024-02-19 was a holiday, 2023-12-19 and 2023-03-19 (a Sunday) were not sessions alike.
    expect(startsOf('2024-03-19')).toMatchObject({
      '1m': '2024-02-16',
      '3m': '2023-12-19',
      '1y': '2023-03-17',
    })
    // There is no 31st of February.
    expect(startsOf('2023-03-31')).toMatchObject({ '1m': '2023-02-28' })
  })

  test('the year before on the first session of a year', () => {
    expect(startsOf('2024-01-02')).toMatchObject({
      '1d': '2023-12-29',
      mtd: '2023-12-29',
      ytd: '2023-12-29',
    })
  })

  test('nowhere when the panel starts later', () => {
    expect(startsOf('2022-11-02')).toEqual({
      '1d': '2022-11-01',
      '1m': null,
      '3m': null,
      '1y': null,
      mtd: null,
      ytd: null,
    })
    expect(startsOf('2023-11-01')).toMatchObject({ '1y': '2022-11-01' })
  })
})
