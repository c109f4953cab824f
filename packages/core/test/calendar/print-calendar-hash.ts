import { createHash } from 'node:crypto'
import { DateTime } from 'luxon'
import {
  addDays,
  addMonths,
  effectiveDate,
  parseIsoDate,
  sessionClose,
  sessionOpen,
  sessionsBetween,
} from '../../src/calendar/index.ts'

const hash = createHash('sha256')
const sessions = sessionsBetween(parseIsoDate('1990-01-01'), parseIsoDate('2050-12-31'))
for (const session of sessions) {
  hash.update(`${session} ${addMonths(session, -1)} ${addDays(session, 1)}\n`)
}
for (const session of sessionsBetween(parseIsoDate('2025-01-01'), parseIsoDate('2025-12-31'))) {
  hash.update(`${sessionOpen(session).toUTC().toISO()} ${sessionClose(session).toUTC().toISO()}\n`)
}
for (const change of ['2025-03-09T00:00Z', '2025-11-02T00:00Z']) {
  const start = DateTime.fromISO(change, { zone: 'utc' })
  for (let hour = 0; hour < 96; hour++) hash.update(`${effectiveDate(start.plus({ hours: hour }), 30)}\n`)
}
process.stdout.write(`${String(sessions.length)} ${hash.digest('hex')}\n`)
