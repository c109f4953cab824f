import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import {
  addDays,
  countSessions,
  daysBetween,
  isEarlyClose,
  isSession,
  parseIsoDate,
  sessionClose,
  sessionOpen,
  sessionsBetween,
} from '../../src/calendar/index.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'

interface Answer {
  readonly session: string
  readonly open: string
  readonly close: string
  readonly closeInNewYork: string
  readonly isEarly: boolean
}

interface Closures {
  readonly weekday_closures: readonly string[]
  readonly early_closes: Readonly<Record<string, string>>
  readonly sessions_per_year: Readonly<Record<string, number>>
}

const FIRST = parseIsoDate('1990-01-01')
const LAST = parseIsoDate('2027-12-31')

function readAnswers(): Answer[] {
  const [, ...lines] = readFileSync(sharedFile('truth/nyse/sessions.csv'), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => {
    const [session = '', open = '', close = '', closeInNewYork = '', early] = line.split(',')
    return { session, open, close, closeInNewYork, isEarly: early === '1' }
  })
}

function readClosures(): Closures {
  return JSON.parse(readFileSync(sharedFile('truth/nyse/closures.json'), 'utf8')) as Closures
}

describeWithShared('the calendar against exchange_calendars', () => {
  test('the same sessions from 1990 to 2027, with the same opens and closes', () => {
    const answers = readAnswers()
    expect(answers).toHaveLength(9569)
    expect(
      sessionsBetween(FIRST, LAST).map((session) => ({
        session,
        open: sessionOpen(session).toUTC().toISO({ suppressMilliseconds: true }),
        close: sessionClose(session).toUTC().toISO({ suppressMilliseconds: true }),
        closeInNewYork: sessionClose(session).toFormat('HH:mm'),
        isEarly: isEarlyClose(session),
      })),
    ).toEqual(answers)
  })

  test('the same weekdays closed', () => {
    const { weekday_closures: closures } = readClosures()
    expect(closures).toHaveLength(346)
    const days = Array.from({ length: daysBetween(FIRST, LAST) + 1 }, (_, i) => addDays(FIRST, i))
    const isWeekend = (date: string) => [0, 6].includes(new Date(date).getUTCDay())
    expect(days.filter((date) => !isWeekend(date) && !isSession(date))).toEqual(closures)
  })

  test('the same early closes', () => {
    const { early_closes: earlyCloses } = readClosures()
    expect(Object.keys(earlyCloses)).toHaveLength(80)
    const ours = sessionsBetween(FIRST, LAST).filter((session) => isEarlyClose(session))
    expect(
      Object.fromEntries(ours.map((session) => [session, sessionClose(session).toFormat('HH:mm')])),
    ).toEqual(earlyCloses)
  })

  test('as many sessions in every year', () => {
    const perYear = Object.entries(readClosures().sessions_per_year)
    expect(perYear).toHaveLength(38)
    const ours = perYear.map(([year]) => [
      year,
      countSessions(parseIsoDate(`${year}-01-01`), parseIsoDate(`${year}-12-31`)),
    ])
    expect(ours).toEqual(perYear)
  })
})
