import {
  sessionAt,
  sessionOnOrAfter,
  sessionOnOrBefore,
  sessionsBetween,
} from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'

/** The complete snapshots a portfolio has. */
export interface SnapshotState {
  readonly first: SessionDate
  readonly latest: SessionDate
  /** Sessions between the two without a complete one. */
  readonly holes: readonly SessionDate[]
}

export interface SnapshotRequest {
  /** Null = no complete snapshot yet. */
  readonly state: SnapshotState | null
  readonly equityAsOf: IsoDate | null
  /** The newest session to compute. */
  readonly target: SessionDate
  /** Only these dates; null = whatever is due. */
  readonly range: { readonly from: IsoDate; readonly to: IsoDate } | null
  /** `--from-inception`: the earliest entry date of a lot; null = without the flag, or without lots. */
  readonly earliestEntry: IsoDate | null
  /** Compute the dates of the range (without one: the target) even if they are complete. */
  readonly force: boolean
  /** Sessions on which the whole market has no bar. */
  readonly withoutBars: ReadonlySet<SessionDate>
}

export interface SnapshotPlan {
  /** Every session to compute, in order: those due, then all existing ones after the first of them. */
  readonly sessions: readonly SessionDate[]
  /** Due, but the market has no bar. */
  readonly skipped: readonly SessionDate[]
  /** What `equity_as_of` is from now on; null only when it was null and nothing is due. */
  readonly equityAsOf: IsoDate | null
}

/**
 * The sessions a portfolio's snapshots are due for (chapter 50): each after its latest through the target,
 * holes after its first, and, for a new one, those from `equity_as_of` on. A snapshot made or forced before
 * existing ones puts all of these on the plan again. Looks at one portfolio alone, so that portfolios which
 * lag by different numbers of sessions each get exactly theirs.
 *
 * An `equity_as_of` that is no session stands for the session before it, whose closes were the prices on that
 * day. A new portfolio gets its first snapshot there even when the range begins later: equity as of another
 * day would lose what was gained between.
 */
export function planSnapshots(request: SnapshotRequest): SnapshotPlan {
  const { state, range, target, force } = request
  const end = range !== null && range.to < target ? range.to : target
  const inRange = (date: IsoDate) => range === null || (date >= range.from && date <= range.to)
  const asOf = request.equityAsOf ?? state?.first ?? firstDate(request)
  const origin = state?.first ?? sessionOnOrBefore(asOf)
  const start =
    request.earliestEntry === null ? origin : earlier(origin, entrySession(request.earliestEntry))
  const existing = existingSessions(state)
  const isForced = (date: SessionDate) => force && (range !== null || date === target)
  const due = sessionsBetween(start, end).filter(
    (date) => inRange(date) && (!existing.has(date) || isForced(date)),
  )
  const isNew = state === null && request.earliestEntry === null
  if (isNew && due[0] !== undefined && due[0] > start) due.unshift(start)
  const skipped = due.filter((date) => request.withoutBars.has(date))
  const computed = due.filter((date) => !request.withoutBars.has(date))
  const first = computed[0]
  const again = first === undefined ? [] : [...existing].filter((date) => date > first)
  const sessions = [...new Set([...computed, ...again])].sort()
  return { sessions, skipped, equityAsOf: sessions.length === 0 ? request.equityAsOf : asOf }
}

/** What a run without further knowledge begins with: the first session of its range, or the target. */
function firstDate({ range, target }: SnapshotRequest): SessionDate {
  return range === null ? target : sessionOnOrAfter(range.from)
}

/** An entry before the calendar begins counts from its beginning. */
function entrySession(entry: IsoDate): SessionDate {
  const beginning = sessionAt(0)
  return entry < beginning ? beginning : sessionOnOrAfter(entry)
}

function existingSessions(state: SnapshotState | null): ReadonlySet<SessionDate> {
  if (state === null) return new Set()
  const holes = new Set(state.holes)
  return new Set(sessionsBetween(state.first, state.latest).filter((date) => !holes.has(date)))
}

function earlier(a: SessionDate, b: SessionDate): SessionDate {
  return a < b ? a : b
}
