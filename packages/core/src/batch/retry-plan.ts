import type { SessionDate } from '../calendar/iso-date.ts'
import type { Phase, PhaseContext } from './phase.ts'
import type { TrackedDate } from './plan-dates.ts'
import type { RunRequest } from './run-request.ts'

export type OrderedPhase = Pick<Phase<PhaseContext>, 'name' | 'finalDateOnly'>

/** Session → names of the phases to run on it. */
export type PhasesByDate = ReadonlyMap<SessionDate, readonly string[]>

/**
 * What `--retry-failed-phases` does: of each tracked session that a request is about, the phases that
 * failed, and those that never ran because a critical one before them failed. Sessions without any are
 * left out.
 *
 * @param order the phases of the layer
 */
export function planRetries(
  request: RunRequest,
  tracked: readonly TrackedDate[],
  { target, order }: { readonly target: SessionDate; readonly order: readonly OrderedPhase[] },
): PhasesByDate {
  const retries = new Map<SessionDate, readonly string[]>()
  for (const { date, phases } of tracked) {
    if (!isAsked(request, date, target)) continue
    const due = order.filter(({ name, finalDateOnly }) => {
      const status = phases[name]
      return status === undefined ? !finalDateOnly : status !== 'completed'
    })
    if (due.length > 0) {
      retries.set(
        date,
        due.map(({ name }) => name),
      )
    }
  }
  return retries
}

function isAsked({ dates }: RunRequest, date: SessionDate, target: SessionDate): boolean {
  if (dates.kind === 'range') return date >= dates.start && date <= dates.end
  return dates.backfill ? date <= target : date === target
}
