import type { Activity } from '../batch/activity-log.ts'
import { endedResult, type RunFrame } from '../batch/build-result.ts'
import type { Json } from '../batch/phase.ts'
import type { PhaseResult, RunResult } from '../batch/result.ts'
import type { RunRequest } from '../batch/run-request.ts'
import type { RunEnding } from '../batch/store/finish-runs.ts'
import { insertRun } from '../batch/store/insert-run.ts'
import type { RunSource } from '../batch/job-type.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import { withRetry, type Tables } from '../database/index.ts'
import type { Kysely } from 'kysely'
import type { Logger } from '../logging/index.ts'

export interface OnboardingRunOptions {
  /** Closes the run's row. */
  readonly close: (ending: RunEnding) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly source: RunSource
  readonly userId: string
  readonly targetDate: SessionDate
}

/** What a step did, for the log and the record. */
export interface StepFigures {
  readonly processed?: number
  readonly failed?: number
  /** Set when the step did not reach its aim. */
  readonly error?: string
  readonly durationMs?: number
  /** Further fields of the log line. */
  readonly fields?: Readonly<Record<string, Json>>
}

/** The record of one onboarding: a row of `batch_run_history` with its steps as phases. */
export class OnboardingRun {
  readonly #options: OnboardingRunOptions
  readonly #frame: RunFrame
  readonly #phases: Record<string, PhaseResult> = {}
  readonly #activity: Activity[] = []
  #stepStartedMs: number
  #batchRunId: string | null = null
  #portfolioId: string | null = null

  constructor(options: OnboardingRunOptions) {
    const { clock, targetDate } = options
    this.#options = options
    const startedMs = performance.now()
    this.#stepStartedMs = startedMs
    this.#frame = {
      request: requestOf(options),
      targetDate,
      startedAt: clock.now().toISO(),
      startedMs,
    }
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#frame.startedMs) / 1000
  }

  /** Opens the row, in the transaction that creates what it is about. */
  async open(
    db: Kysely<Tables>,
    { portfolioId, lockName }: { readonly portfolioId: string; readonly lockName: string },
  ): Promise<string> {
    const { source, userId, targetDate } = this.#options
    this.#portfolioId = portfolioId
    this.#batchRunId = await insertRun(db, {
      jobType: 'symbol_onboarding',
      source,
      triggeredBy: userId,
      startedAt: new Date(this.#frame.startedAt),
      targetDate,
      portfolioId,
      lockNames: [lockName],
      batchRunId: null,
    })
    return this.#batchRunId
  }

  /** Logs something that is no step of the record. */
  event(step: string, fields: Readonly<Record<string, Json>>): void {
    const { log, userId } = this.#options
    log.info({ step, user_id: userId, portfolio_id: this.#portfolioId, ...fields }, 'V2_ONBOARDING')
  }

  /** Notes the end of a step; its time is that since the last one, unless said. */
  step(name: string, figures: StepFigures = {}): void {
    const { processed = 0, failed = 0, durationMs, fields = {}, error = null } = figures
    const status = error === null ? 'completed' : 'failed'
    const now = performance.now()
    const duration = Math.round(durationMs ?? now - this.#stepStartedMs)
    this.#stepStartedMs = now
    const at = this.#options.clock.now().toISO()
    this.#phases[name] = {
      status,
      started_at: at,
      duration_ms: duration,
      processed,
      skipped: 0,
      failed,
      error,
      reasons: {},
      metrics: fields,
    }
    this.#activity.push({
      at,
      date: this.#options.targetDate,
      phase: name,
      event: 'ended',
      status,
      duration_ms: duration,
    })
    this.event(name, { duration_ms: duration, status, ...fields })
  }

  /** Closes the row. */
  async finish(
    status: 'completed' | 'completed_with_warnings' | 'failed' | 'cancelled',
    { reason = null, alerts = [] }: { reason?: string | null; alerts?: readonly string[] } = {},
  ): Promise<RunResult> {
    const { close, clock, targetDate, sleep } = this.#options
    const batchRunId = this.#batchRunId
    if (batchRunId === null) throw new Error('the run was not opened')
    const dates = [{ date: targetDate, status, phases: this.#phases }]
    const outcome = { dates, alerts, failures: [], wasStopped: false }
    const built = endedResult(this.#frame, clock, batchRunId, { outcome, stopReason: null })
    const result = { ...built, status, ...(reason === null ? {} : { reason }) }
    const ending = { result, at: clock.now().toJSDate(), activity: this.#activity }
    await withRetry(() => close(ending), { sleep })
    this.event('complete', {
      duration_ms: Math.round(this.elapsedSeconds * 1000),
      status,
      ...(reason === null ? {} : { reason }),
    })
    return result
  }
}

function requestOf({ source, userId, targetDate }: OnboardingRunOptions): RunRequest {
  return {
    jobType: 'symbol_onboarding',
    mode: 'v2',
    source,
    triggeredBy: userId,
    dates: { kind: 'range', start: targetDate, end: targetDate },
    reprocess: 'missing',
    force: false,
    maxCatchup: 1,
    chunkDays: null,
    fromInception: false,
    scope: { kind: 'universe' },
    retryFailedPhases: false,
    phases: null,
  }
}
