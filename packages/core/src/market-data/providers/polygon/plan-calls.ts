import {
  addDays,
  countSessions,
  effectiveDate,
  previousSession,
  sessionsBetween,
} from '../../../calendar/index.ts'
import type { IsoDate, SessionDate } from '../../../calendar/iso-date.ts'
import type { DateTime } from 'luxon'
import { parseOcc } from '../../../symbols/occ.ts'
import type { BarRequest } from '../../provider.ts'
import { isServedByPolygon } from './polygon-ticker.ts'

/** The vendor has nothing older. */
const FIRST_DAY = '2003-01-02' as IsoDate
/** Aggregates, splits, dividends. */
const CALLS_PER_EQUITY = 3
const CALLS_PER_OPTION = 1
/** All aggregates and all dividends of a session. */
const CALLS_PER_SESSION = 2
/** A list of all US splits of so many sessions fits into one page: there are about 10 a session. */
const SESSIONS_PER_SPLIT_LIST = 60

/** Days, both included. */
export interface DayRange {
  readonly from: IsoDate
  readonly to: IsoDate
}

/** How a fetch goes about its requests. */
export interface CallPlan {
  /** Asked one by one. */
  readonly bySymbol: readonly BarRequest[]
  /** Read from the days of the whole market. */
  readonly byDate: readonly BarRequest[]
  /** The sessions that `byDate` needs, oldest first. */
  readonly sessions: readonly SessionDate[]
  /** The ranges whose splits are asked for, which together have all of `sessions` in them. */
  readonly splitRanges: readonly DayRange[]
  /** Not asked for at all: symbols of a kind that the vendor does not have. */
  readonly notServed: readonly BarRequest[]
  /** Neither: options that expired before the first day. */
  readonly expired: readonly BarRequest[]
  /** Calls when every list has one page and every symbol has bars; retries come on top. */
  readonly calls: number
}

/**
 * Chooses the cheaper way for each equity: 3 calls for itself, or a share in the days of the whole
 * market, which cost 2 calls a session and serve any number of symbols. The requests with the fewest
 * sessions go by date first; of all such divisions the one with the fewest calls is taken, which is the
 * least possible where the requested ranges lie within one another (as those of a night do, which end
 * on the same session).
 *
 * @param now sessions that have not closed by then are not asked for
 * @example 5,000 equities over the same 4 sessions: 4 · 2 + 1 = 9 calls
 */
export function planCalls(requests: readonly BarRequest[], now: DateTime): CallPlan {
  const kinds = Map.groupBy(requests, kindOf)
  const options = kinds.get('option') ?? []
  const equities = kinds.get('equity') ?? []
  const lastSession = effectiveDate(now, 0)
  const windows = [...Map.groupBy(equities, ({ from, to }) => `${from} ${to}`).values()]
    .map((group) => ({ group, sessions: sessionsOf(group, lastSession) }))
    .sort((a, b) => a.sessions.length - b.sessions.length)

  const union = new Set<SessionDate>()
  let left = equities.length
  let best = { calls: left * CALLS_PER_EQUITY, windows: 0 }
  for (const [index, { group, sessions }] of windows.entries()) {
    for (const session of sessions) union.add(session)
    left -= group.length
    const calls = callsByDate([...union].sort()) + left * CALLS_PER_EQUITY
    if (calls < best.calls) best = { calls, windows: index + 1 }
  }
  const byDate = windows.slice(0, best.windows)
  const sessions = [...new Set(byDate.flatMap((window) => window.sessions))].sort()
  return {
    bySymbol: [...windows.slice(best.windows).flatMap(({ group }) => group), ...options],
    byDate: byDate.flatMap(({ group }) => group),
    sessions,
    splitRanges: splitRangesOf(sessions),
    notServed: kinds.get('not_served') ?? [],
    expired: kinds.get('expired') ?? [],
    calls: best.calls + options.length * CALLS_PER_OPTION,
  }
}

/** The days whose events belong to a session: those after the session before, and itself. */
export function eventDaysOf(session: SessionDate): DayRange {
  return { from: addDays(previousSession(session), 1), to: session }
}

function kindOf({ symbol, from }: BarRequest): 'option' | 'equity' | 'expired' | 'not_served' {
  if (!isServedByPolygon(symbol)) return 'not_served'
  const contract = parseOcc(symbol)
  if (contract === null) return 'equity'
  return contract.expiration < from ? 'expired' : 'option'
}

function sessionsOf(group: readonly BarRequest[], last: SessionDate): readonly SessionDate[] {
  const [{ from, to } = { from: last, to: FIRST_DAY }] = group
  const start = from > FIRST_DAY ? from : FIRST_DAY
  const end = to < last ? to : last
  return start > end ? [] : sessionsBetween(start, end)
}

function callsByDate(sessions: readonly SessionDate[]): number {
  return sessions.length * CALLS_PER_SESSION + splitRangesOf(sessions).length
}

/** As few ranges as possible, none of them longer than a list's page. */
function splitRangesOf(sessions: readonly SessionDate[]): readonly DayRange[] {
  const ranges: DayRange[] = []
  let first = sessions[0]
  for (const [index, session] of sessions.entries()) {
    const next = sessions[index + 1]
    if (first === undefined) break
    if (next !== undefined && countSessions(first, next) <= SESSIONS_PER_SPLIT_LIST) continue
    ranges.push({ from: eventDaysOf(first).from, to: session })
    first = next
  }
  return ranges
}
