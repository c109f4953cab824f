import { isSession, nearestSession, sessionsBetween } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import { UsageError } from '../errors/index.ts'
import type { DateSelection } from './run-request.ts'

/** The dates that a command line names. */
export interface NamedDates {
  readonly date?: IsoDate
  readonly startDate?: IsoDate
  readonly endDate?: IsoDate
  readonly backfill: boolean
}

/** Turns named dates into sessions. Throws UsageError that names the nearest session. */
export function selectDates(named: NamedDates, effective: SessionDate): DateSelection {
  const { date, startDate, endDate, backfill } = named
  if (startDate === undefined || endDate === undefined) {
    const target = date === undefined ? null : requireSettledSession(date, effective)
    return { kind: 'target', target, backfill }
  }
  if (endDate > effective) throw notSettled('--end-date', endDate, effective)
  const sessions = sessionsBetween(startDate, endDate)
  const [start] = sessions
  const end = sessions.at(-1)
  if (start === undefined || end === undefined) {
    throw new UsageError(
      `no session between --start-date ${startDate} and --end-date ${endDate}: the nearest is ${nearestSession(startDate)}`,
    )
  }
  return { kind: 'range', start, end }
}

function requireSettledSession(date: IsoDate, effective: SessionDate): SessionDate {
  if (date > effective) throw notSettled('--date', date, effective)
  if (isSession(date)) return date
  throw new UsageError(
    `--date ${date} is not a trading session: the nearest is ${nearestSession(date)}`,
  )
}

function notSettled(flag: string, date: IsoDate, effective: SessionDate): UsageError {
  return new UsageError(
    `${flag} ${date} has no settled prices yet: the nearest session that has is ${effective}`,
  )
}

/** The phases that a command line names. Throws UsageError that lists the known ones. */
export function selectPhases(
  named: readonly string[] | undefined,
  known: readonly string[],
): readonly string[] | null {
  if (named === undefined) return null
  const unknown = named.filter((name) => !known.includes(name))
  if (unknown.length === 0) return named
  throw new UsageError(`--phase ${unknown.join(',')}: no such phase; there are ${known.join(', ')}`)
}
