import { addDays, sessionsBetween } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { planRetries, type OrderedPhase, type PhasesByDate } from './retry-plan.ts'
import { isLimited, type RunRequest } from './run-request.ts'

/** How a run of one type ended for one session, as `batch_run_tracking` has it. */
export interface TrackedDate {
  readonly date: SessionDate
  readonly status: string
  /** How each phase that ran ended, by name. */
  readonly phases: Readonly<Record<string, string>>
}

/** The sessions a run will work on, oldest first. */
export interface DatePlan {
  readonly target: SessionDate
  readonly dates: readonly SessionDate[]
  /** Sessions that the catch-up limit left out, oldest first. */
  readonly cut: readonly SessionDate[]
  /** What an operator should hear of the plan besides. */
  readonly alerts: readonly string[]
  /** The phases of each session; null = every phase of every session. */
  readonly phasesOf: PhasesByDate | null
}

const DONE: ReadonlySet<string> = new Set(['completed', 'completed_with_warnings'])

/** Whether a session with that status needs no further run. */
export function isDone(status: string): boolean {
  return DONE.has(status)
}

/**
 * Decides which sessions a run works on.
 *
 * A catch-up takes every session from the earliest tracked one through the target that has no
 * completed row, at most the newest `maxCatchup`. Without any tracked session it takes the target
 * alone. Limited runs record nothing, so for them no session is ever done: they take what is named.
 *
 * @param tracked what earlier runs of this type recorded, in any order
 * @param run.order the phases of the layer
 * @example
 * // tracked: Monday completed; target Wednesday → Tuesday, Wednesday
 */
export function planDates(
  request: RunRequest,
  tracked: readonly TrackedDate[],
  {
    effective,
    order,
  }: { readonly effective: SessionDate; readonly order: readonly OrderedPhase[] },
): DatePlan {
  const { dates } = request
  const whole = { cut: [], alerts: [], phasesOf: null }
  if (request.retryFailedPhases) {
    const target = dates.kind === 'range' ? dates.end : (dates.target ?? effective)
    const phasesOf = planRetries(request, tracked, { target, order })
    return { ...whole, target, dates: [...phasesOf.keys()].sort(), phasesOf }
  }
  if (dates.kind === 'range') {
    const all = sessionsBetween(dates.start, dates.end)
    return { ...whole, target: dates.end, dates: all.filter(isWanted(request, tracked)) }
  }
  const target = dates.target ?? effective
  const candidates =
    dates.backfill && !isLimited(request) ? catchUpDates(tracked, target) : [target]
  const wanted = isWanted(request, tracked)
  const due = candidates.filter((date) => wanted(date) || (request.force && date === target))
  const excess = Math.max(0, due.length - request.maxCatchup)
  return { ...whole, target, dates: due.slice(excess), cut: due.slice(0, excess) }
}

function catchUpDates(
  tracked: readonly TrackedDate[],
  target: SessionDate,
): readonly SessionDate[] {
  const earliest = tracked.reduce<SessionDate | null>(
    (min, { date }) => (min === null || date < min ? date : min),
    null,
  )
  return earliest === null || earliest > target ? [target] : sessionsBetween(earliest, target)
}

function isWanted(
  request: RunRequest,
  tracked: readonly TrackedDate[],
): (date: SessionDate) => boolean {
  if (isLimited(request)) return () => true
  if (request.dates.kind === 'range' && request.force) return () => true
  const statusOf = new Map(tracked.map(({ date, status }) => [date, status]))
  switch (request.reprocess) {
    case 'all':
      return () => true
    case 'failed':
      return (date) => statusOf.get(date) === 'failed'
    case 'missing':
      return (date) => !DONE.has(statusOf.get(date) ?? 'none')
  }
}

/**
 * Cuts a list of sessions into slices that span at most `chunkDays` calendar days each, so that a
 * long backfill holds one slice of prices in memory and a failed slice can be repeated by itself.
 */
export function chunkDates(
  dates: readonly SessionDate[],
  chunkDays: number | null,
): readonly (readonly SessionDate[])[] {
  const [first] = dates
  if (first === undefined) return []
  if (chunkDays === null) return [dates]
  const chunks: SessionDate[][] = []
  let chunkEnd = ''
  for (const date of dates) {
    const current = chunks.at(-1)
    if (current === undefined || date > chunkEnd) {
      chunks.push([date])
      chunkEnd = addDays(date, chunkDays - 1)
    } else {
      current.push(date)
    }
  }
  return chunks
}
