import type { Clock } from '../clock/clock.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { RunObserver } from './observer.ts'
import type { ItemFailure, Phase, PhaseContext } from './phase.ts'
import type { PhasesByDate } from './retry-plan.ts'
import type { DateResult, PhaseResult, RunStatus } from './result.ts'
import { runPhase } from './run-phase.ts'

/** Where the runner leaves what it did; the database in programs. */
export interface RunRecorder {
  /** Called once per phase with the items that failed; an empty list is not passed on. */
  itemsFailed(phase: string, date: SessionDate, failures: readonly ItemFailure[]): Promise<void>
  /** Called before the first phase: a date that never ends is known to be unfinished. */
  dateStarted(date: SessionDate): Promise<void>
  dateEnded(result: DateResult): Promise<void>
}

export interface DatesRun<Context extends PhaseContext> {
  readonly chunks: readonly (readonly SessionDate[])[]
  readonly phases: readonly Phase<Context>[]
  /** Fewer phases of single dates; null = all of them on every date. */
  readonly phasesOf: PhasesByDate | null
  /** Makes the context of a date; `chunk` is the slice of sessions it belongs to. */
  readonly contextOf: (date: SessionDate, chunk: readonly SessionDate[]) => Context
  readonly recorder: RunRecorder
  readonly observer: RunObserver
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** A failed item with where it failed. */
export interface DatedFailure extends ItemFailure {
  readonly phase: string
  readonly date: SessionDate
}

export interface DatesOutcome {
  readonly dates: readonly DateResult[]
  readonly alerts: readonly string[]
  readonly failures: readonly DatedFailure[]
  /** Whether the signal ended the run before all dates were done. */
  readonly wasStopped: boolean
}

/** What a run of no dates comes to. */
export const NOTHING_DONE: DatesOutcome = { dates: [], alerts: [], failures: [], wasStopped: false }

/**
 * Runs the phases of every date, oldest date first. A failed critical phase ends its date only; the
 * next date is tried. Between phases the run can be stopped; the phase under way stops by the signal
 * in its context, and what it had committed stays whole.
 */
export async function runDates<Context extends PhaseContext>(
  run: DatesRun<Context>,
): Promise<DatesOutcome> {
  const dates: DateResult[] = []
  const alerts: string[] = []
  const failures: DatedFailure[] = []
  for (const chunk of run.chunks) {
    for (const date of chunk) {
      if (run.signal.aborted) return { dates, alerts, failures, wasStopped: true }
      await run.recorder.dateStarted(date)
      const ended = await runDate(run, date, run.contextOf(date, chunk))
      alerts.push(...ended.alerts)
      failures.push(...ended.failures)
      dates.push(ended.result)
      await run.recorder.dateEnded(ended.result)
    }
  }
  const wasStopped = dates.some(({ status }) => status === 'cancelled')
  return { dates, alerts, failures, wasStopped }
}

interface EndedDate {
  readonly result: DateResult
  readonly alerts: readonly string[]
  readonly failures: readonly DatedFailure[]
}

async function runDate<Context extends PhaseContext>(
  run: DatesRun<Context>,
  date: SessionDate,
  context: Context,
): Promise<EndedDate> {
  const phases: Record<string, PhaseResult> = {}
  const alerts: string[] = []
  const failures: DatedFailure[] = []
  const ended = (status: RunStatus): EndedDate => ({
    result: { date, status, phases },
    alerts,
    failures,
  })
  for (const phase of run.phases) {
    if (phase.finalDateOnly && !context.isFinalDate) continue
    if (run.phasesOf?.get(date)?.includes(phase.name) === false) continue
    if (run.signal.aborted) return ended('cancelled')
    run.observer.phaseStarted(date, phase.name)
    const startedAt = run.clock.now().toISO()
    const completed = new Set(Object.keys(phases).filter((name) => hasCompleted(phases[name])))
    const own = { ...context, completed }
    const endedPhase = await runPhase({ phase, context: own, startedAt, sleep: run.sleep })
    if (endedPhase === null) return ended('cancelled')
    const { result, outcome } = endedPhase
    phases[phase.name] = result
    alerts.push(...outcome.alerts.map((text) => `${date} ${phase.name}: ${text}`))
    failures.push(...outcome.failures.map((failure) => ({ ...failure, phase: phase.name, date })))
    run.observer.phaseEnded(date, phase.name, result)
    if (outcome.failures.length > 0) {
      await run.recorder.itemsFailed(phase.name, date, outcome.failures)
    }
    if (result.status === 'failed' && (phase.critical || outcome.isBreach === true)) {
      return ended('failed')
    }
  }
  const isClean = Object.values(phases).every(
    ({ status, failed }) => status !== 'failed' && failed === 0,
  )
  return ended(isClean && alerts.length === 0 ? 'completed' : 'completed_with_warnings')
}

function hasCompleted(result: PhaseResult | undefined): boolean {
  return result?.status === 'completed'
}
