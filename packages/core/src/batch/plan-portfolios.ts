import { sessionIndex, sessionsBack, sessionsBetween } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import { planSnapshots } from '../pnl/index.ts'
import type { PortfolioState } from '../portfolios/index.ts'
import type { FailedSessions } from './failed-sessions.ts'
import type { RunRequest } from './run-request.ts'

/** What a run does for one portfolio. */
export interface PlannedPortfolio {
  readonly id: string
  readonly name: string
  /** Sessions to compute, ascending; never empty. */
  readonly sessions: readonly SessionDate[]
  /** Those of them that have a complete snapshot already and are computed again. */
  readonly again: ReadonlySet<SessionDate>
  readonly firstSnapshot: SessionDate
  readonly equityAsOf: IsoDate
}

export interface PortfoliosPlan {
  readonly portfolios: readonly PlannedPortfolio[]
  /** Every session some portfolio is computed for, ascending. */
  readonly dates: readonly SessionDate[]
  /** Sessions that the catch-up limit left out, ascending. */
  readonly cut: readonly SessionDate[]
  /** Sessions due on which the whole market has no bar, ascending. */
  readonly withoutBars: readonly SessionDate[]
}

/**
 * Decides for each portfolio by itself which sessions it gets: portfolios that lag by different numbers
 * of sessions each get exactly theirs. The catch-up limit cuts what a known portfolio lags; a new one
 * gets every session from its beginning, since its record starts there.
 *
 * `--reprocess missing` takes snapshots that are not there, `failed` sessions on which the portfolio or a whole
 * phase failed, `all` everything in the range.
 */
export function planPortfolios(
  request: RunRequest,
  states: readonly PortfolioState[],
  run: {
    readonly target: SessionDate
    readonly withoutBars: ReadonlySet<SessionDate>
    /** Sessions on which an earlier run was ended before its last phase. */
    readonly unfinished: ReadonlySet<SessionDate>
    /** Portfolio → the earliest recent bar that its snapshots did not know. */
    readonly latePrices: ReadonlyMap<string, SessionDate>
    /** Nothing but these; null = whatever is due. */
    readonly failed: FailedSessions | null
  },
): PortfoliosPlan {
  const portfolios: PlannedPortfolio[] = []
  const dates = new Set<SessionDate>()
  const cut = new Set<SessionDate>()
  const skipped = new Set<SessionDate>()
  for (const state of states) {
    const whole = planOne(request, state, { ...run, from: null })
    const back = Math.min(request.maxCatchup - 1, sessionIndex(run.target))
    const limit = sessionsBack(run.target, back)
    const isCut =
      state.snapshots !== null &&
      request.dates.kind === 'target' &&
      whole.sessions.some((session) => session < limit)
    const plan = isCut ? planOne(request, state, { ...run, from: limit }) : whole
    const ofFailed = run.failed === null ? null : failedOf(state, run.failed)
    const isMeant = (date: SessionDate) => ofFailed?.all.has(date) ?? true
    if (isCut) for (const date of whole.sessions.filter(isMeant)) if (date < limit) cut.add(date)
    for (const date of plan.skipped) skipped.add(date)
    const finished = [...(ofFailed?.all ?? run.unfinished)].filter(
      (date) => isComplete(state, date) && isAsked(request, date, run.target),
    )
    const valued =
      ofFailed === null
        ? union(plan.sessions, existingFrom(state, run.latePrices.get(state.id), run.target))
        : revalued(request, state, { ...ofFailed, due: plan.sessions, target: run.target })
    const sessions = [...new Set([...valued, ...finished])].sort()
    const [first] = sessions
    if (first === undefined) continue
    for (const date of sessions) dates.add(date)
    const equityAsOf = plan.equityAsOf ?? first
    portfolios.push(planned(state, { valued, all: sessions }, { first, equityAsOf }))
  }
  const sorted = (set: ReadonlySet<SessionDate>) => [...set].sort()
  return { portfolios, dates: sorted(dates), cut: sorted(cut), withoutBars: sorted(skipped) }
}

function planOne(
  request: RunRequest,
  state: PortfolioState,
  run: {
    readonly target: SessionDate
    readonly withoutBars: ReadonlySet<SessionDate>
    readonly from: SessionDate | null
  },
) {
  const { dates } = request
  if (state.hasNewHistory && state.snapshots !== null) {
    return planFromFirst(state, state.snapshots.first, run)
  }
  const isTargetOnly = dates.kind === 'target' && !dates.backfill
  const from = dates.kind === 'range' ? dates.start : isTargetOnly ? run.target : run.from
  return planSnapshots({
    state: state.snapshots,
    equityAsOf: state.equityAsOf,
    target: run.target,
    range: from === null ? null : { from, to: run.target },
    earliestEntry: request.fromInception ? state.earliestEntry : null,
    force: request.force || request.reprocess === 'all',
    withoutBars: run.withoutBars,
  })
}

/** Everything again: what the first snapshot rests on has changed. */
function planFromFirst(
  state: PortfolioState,
  first: SessionDate,
  { target, withoutBars }: { target: SessionDate; withoutBars: ReadonlySet<SessionDate> },
) {
  return planSnapshots({
    state: state.snapshots,
    equityAsOf: state.equityAsOf,
    target,
    range: { from: first, to: target },
    earliestEntry: null,
    force: true,
    withoutBars,
  })
}

function planned(
  state: PortfolioState,
  {
    valued,
    all,
  }: { readonly valued: readonly SessionDate[]; readonly all: readonly SessionDate[] },
  { first, equityAsOf }: { readonly first: SessionDate; readonly equityAsOf: IsoDate },
): PlannedPortfolio {
  const { snapshots } = state
  const known = snapshots?.first
  return {
    id: state.id,
    name: state.name,
    sessions: all,
    again: new Set(valued.filter((date) => isComplete(state, date))),
    firstSnapshot: known === undefined || first < known ? first : known,
    equityAsOf,
  }
}

/** A portfolio's failed sessions, and those of them whose snapshot is to be made (again). */
function failedOf({ id }: PortfolioState, { ofEverybody, ofPortfolio, snapshots }: FailedSessions) {
  return {
    all: new Set([...ofEverybody, ...(ofPortfolio.get(id) ?? [])]),
    snapshots: snapshots.get(id) ?? new Set<SessionDate>(),
  }
}

/** The failed sessions that have no snapshot, or one that could not be made anew, and all after the first. */
function revalued(
  request: RunRequest,
  state: PortfolioState,
  of: ReturnType<typeof failedOf> & {
    readonly due: readonly SessionDate[]
    readonly target: SessionDate
  },
): readonly SessionDate[] {
  const { due, snapshots, target } = of
  const own = [...of.all].sort().filter((date) => {
    if (!isComplete(state, date)) return due.includes(date)
    return snapshots.has(date) && isAsked(request, date, target)
  })
  return union(own, existingFrom(state, own[0], target))
}

function union(a: readonly SessionDate[], b: readonly SessionDate[]): readonly SessionDate[] {
  return [...new Set([...a, ...b])].sort()
}

/** The complete snapshots from a date on; none without a date. */
function existingFrom(
  state: PortfolioState,
  from: SessionDate | undefined,
  target: SessionDate,
): readonly SessionDate[] {
  const latest = state.snapshots?.latest
  if (from === undefined || latest === undefined) return []
  const end = latest < target ? latest : target
  return sessionsBetween(from, end).filter((date) => isComplete(state, date))
}

function isComplete({ snapshots }: PortfolioState, date: SessionDate): boolean {
  return (
    snapshots !== null &&
    date >= snapshots.first &&
    date <= snapshots.latest &&
    !snapshots.holes.includes(date)
  )
}

function isAsked({ dates }: RunRequest, date: SessionDate, target: SessionDate): boolean {
  if (dates.kind === 'range') return date >= dates.start && date <= dates.end
  return dates.backfill ? date <= target : date === target
}
