import type { Kysely } from 'kysely'
import type { Clock } from '../clock/clock.ts'
import type { Tables } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import type { Logger } from '../logging/index.ts'
import { ActivityLog } from './activity-log.ts'
import type { RunObserver } from './observer.ts'
import type { PhaseResult } from './result.ts'
import { beatRun } from './store/beat-run.ts'

/** Why a run stops before its work is done. */
export type StopReason = 'signal' | 'cancel_requested' | 'timeout' | 'lock_lost'

export interface HeartbeatOptions {
  readonly db: Kysely<Tables>
  readonly clock: Clock
  readonly log: Logger
  readonly batchRunId: string
  readonly lockNames: readonly string[]
  /** Phases of all dates. */
  readonly phasesTotal: number
  /** Longest time the run may take, in milliseconds. */
  readonly timeoutMs: number
  readonly stop: (reason: StopReason) => void
}

const INTERVAL_MS = 5_000
const WARN_SHARE = 0.8

/**
 * Keeps a run's history row alive: every five seconds it writes `heartbeat_at` and `progress`, reads
 * whether somebody asked for cancellation, and checks the run's time limit.
 */
export class Heartbeat implements RunObserver, AsyncDisposable {
  readonly #options: HeartbeatOptions
  #startedAt = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #activity: ActivityLog
  #phasesDone = 0
  #succeeded = 0
  #failed = 0
  #position = { date: '', phase: '', done: 0, total: 0 }
  #hasWarned = false
  #beating: Promise<void> = Promise.resolve()

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#activity = new ActivityLog(options.clock)
    this.#timer = setInterval(() => {
      this.#beating = this.#beating.then(() => this.#beat())
    }, INTERVAL_MS)
  }

  /** The time limit counts from now: what was waited for before does not use it up. */
  workBegins(): void {
    this.#startedAt = performance.now()
  }

  phaseStarted(date: string, phase: string): void {
    this.#position = { date, phase, done: 0, total: 0 }
    this.#activity.phaseStarted(date, phase)
  }

  phaseProgress(done: number, total: number): void {
    this.#position = { ...this.#position, done, total }
  }

  phaseEnded(date: string, phase: string, result: PhaseResult): void {
    this.#activity.phaseEnded(date, phase, result)
    this.#phasesDone += 1
    this.#succeeded += result.processed
    this.#failed += result.failed
  }

  /** Writes one last beat, so that a run that ends early leaves where it was. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#beating
    await this.#beat()
  }

  async #beat(): Promise<void> {
    const { db, clock, log, batchRunId, stop } = this.#options
    this.#checkTimeout()
    try {
      const isCancelRequested = await beatRun(db, {
        batchRunId,
        at: clock.now().toJSDate(),
        completedJobs: this.#succeeded,
        failedJobs: this.#failed,
        progress: this.#progress(),
        activity: this.#activity.lines,
      })
      if (isCancelRequested) stop('cancel_requested')
    } catch (thrown) {
      // A missed beat harms nobody: the lock, not the heartbeat, says whether the run lives.
      log.warn({ err: coerceError(thrown) }, 'heartbeat_missed')
    }
  }

  #checkTimeout(): void {
    const elapsed = performance.now() - this.#startedAt
    const { timeoutMs, log, stop } = this.#options
    if (elapsed > timeoutMs) {
      stop('timeout')
    } else if (elapsed > WARN_SHARE * timeoutMs && !this.#hasWarned) {
      this.#hasWarned = true
      log.warn({ elapsed_ms: elapsed, timeout_ms: timeoutMs }, 'run_near_timeout')
    }
  }

  #progress() {
    const { phasesTotal, lockNames } = this.#options
    const { date, phase, done, total } = this.#position
    const share = total === 0 ? 0 : done / total
    const percent = (100 * (this.#phasesDone + share)) / Math.max(1, phasesTotal)
    return {
      lock_names: lockNames,
      current_date: date,
      current_job: phase,
      done,
      total,
      percent: Math.min(99, Math.round(percent * 10) / 10),
    }
  }
}
