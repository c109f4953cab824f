import type { Clock } from '../clock/clock.ts'
import type { RunObserver } from './observer.ts'
import type { PhaseResult } from './result.ts'

/** One line of what a run did, as `batch_run_history.activity_log` keeps it. */
export interface Activity {
  readonly at: string
  readonly date: string
  readonly phase: string
  readonly event: 'started' | 'ended'
  readonly status?: PhaseResult['status']
  readonly processed?: number
  readonly skipped?: number
  readonly failed?: number
  readonly duration_ms?: number
  readonly error?: string
}

/** A long backfill has thousands of phases; its end tells more than its beginning. */
const MOST_LINES = 200

/** Remembers the last starts and ends of phases. */
export class ActivityLog implements Pick<RunObserver, 'phaseStarted' | 'phaseEnded'> {
  readonly #clock: Clock
  #lines: Activity[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Oldest first. */
  get lines(): readonly Activity[] {
    return this.#lines
  }

  phaseStarted(date: string, phase: string): void {
    this.#add({ date, phase, event: 'started' })
  }

  phaseEnded(date: string, phase: string, result: PhaseResult): void {
    const { status, processed, skipped, failed, duration_ms, error } = result
    const figures = { status, processed, skipped, failed, duration_ms }
    this.#add({ date, phase, event: 'ended', ...figures, ...(error === null ? {} : { error }) })
  }

  #add(line: Omit<Activity, 'at'>): void {
    const lines = [...this.#lines, { at: this.#clock.now().toISO(), ...line }]
    this.#lines = lines.slice(-MOST_LINES)
  }
}
