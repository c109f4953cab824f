import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { isEarlyClose, sessionClose, sessionOpen, sessionsBetween } from '../../src/calendar/index.ts'
import { parseIsoDate } from '../../src/calendar/index.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'

interface Answer {
  readonly session: string
  readonly open: string
  readonly close: string
  readonly closeInNewYork: string
  readonly isEarly: boolean
}

function readAnswers(): Answer[] {
  const [, ...lines] = readFileSync(sharedFile('truth/nyse/sessions.csv'), 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [session = '', open = '', close = '', closeInNewYork = '', early] = line.split(',')
    return { session, open, close, closeInNewYork, isEarly: early === '1' }
  })
}

describeWithShared('the calendar against exchange_calendars', () => {
  test('the same sessions from 1990 to 2027, with the same opens and closes', () => {
    const answers = readAnswers()
    expect(answers).toHaveLength(9569)
    const ours = sessionsBetween(parseIsoDate('1990-01-01'), parseIsoDate('2027-12-31'))
    expect(
      ours.map((session) => ({
        session,
        open: sessionOpen(session).toUTC().toISO({ suppressMilliseconds: true }),
        close: sessionClose(session).toUTC().toISO({ suppressMilliseconds: true }),
        closeInNewYork: sessionClose(session).toFormat('HH:mm'),
        isEarly: isEarlyClose(session),
      })),
    ).toEqual(answers)
  })

  test('the same weekday closures', () => {
    const { weekday_closures: closures } = JSON.parse(
      readFileSync(sharedFile('truth/nyse/closures.json'), 'utf8'),
    ) as { weekday_closures: string[] }
    const sessions = new Set<string>(
      sessionsBetween(parseIsoDate('1990-01-01'), parseIsoDate('2027-12-31')),
    )
    expect(closures).toHaveLength(346)
    expect(closures.filter((date) => sessions.has(date))).toEqual([])
  })
})
