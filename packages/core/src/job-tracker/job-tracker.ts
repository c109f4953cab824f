import type { DateTime } from 'luxon'
import type { JobType } from '../batch/job-type.ts'
import type { Clock } from '../clock/clock.ts'

/** The types of job, as they are called from outside; the values are those of `batch_run_history`. */
export const BatchJobType = {
  SYMBOL_BATCH: 'symbol_batch',
  PORTFOLIO_REFRESH: 'portfolio_refresh',
  SYMBOL_ONBOARDING: 'symbol_onboarding',
  LEGACY_BATCH: 'legacy_batch',
} as const satisfies Readonly<Record<string, JobType>>

/** A job that this process has under way. */
export interface TrackedJob {
  readonly batchRunId: string
  readonly jobType: JobType
  readonly triggeredBy: string
  readonly startedAt: DateTime<true>
}

export interface NewJob {
  readonly batchRunId: string
  readonly triggeredBy: string
  /** The combined batch when not said: callers from the time of one kind of run name none. */
  readonly jobType?: JobType
}

/**
 * What this process has under way, at most one job of a type. It answers before a run has written its
 * row, and knows nothing of other processes: their runs are in `batch_run_history`. A job that is never
 * completed counts as over after the limit, so that a lost one blocks its type for so long at most.
 */
export class JobTracker {
  readonly #clock: Clock
  readonly #timeoutMinutes: number
  readonly #jobs = new Map<JobType, TrackedJob>()

  /** @param options.timeoutMinutes BATCH_TRACKER_TIMEOUT_MINUTES */
  constructor(options: { readonly clock: Clock; readonly timeoutMinutes: number }) {
    this.#clock = options.clock
    this.#timeoutMinutes = options.timeoutMinutes
  }

  /** Notes a job as under way. False, and nothing is noted, when one of its type is. */
  start({ batchRunId, triggeredBy, jobType = BatchJobType.LEGACY_BATCH }: NewJob): boolean {
    if (this.isRunning(jobType)) return false
    this.#jobs.set(jobType, { batchRunId, jobType, triggeredBy, startedAt: this.#clock.now() })
    return true
  }

  /**
   * Notes the end of a job. With an id only that job is ended: one that had expired must not end the
   * job that took its place.
   */
  complete(jobType: JobType = BatchJobType.LEGACY_BATCH, batchRunId?: string): void {
    const job = this.#jobs.get(jobType)
    if (batchRunId === undefined || job?.batchRunId === batchRunId) this.#jobs.delete(jobType)
  }

  /** The job of a type that is under way, or null. */
  get(jobType: JobType): TrackedJob | null {
    const job = this.#jobs.get(jobType)
    if (job === undefined) return null
    if (job.startedAt.plus({ minutes: this.#timeoutMinutes }) > this.#clock.now()) return job
    this.#jobs.delete(jobType)
    return null
  }

  isRunning(jobType: JobType): boolean {
    return this.get(jobType) !== null
  }

  /** The view of callers that know one run only: the job that has been under way longest, or null. */
  getCurrent(): TrackedJob | null {
    return this.all()[0] ?? null
  }

  /** All jobs under way, oldest first. */
  all(): readonly TrackedJob[] {
    return Object.values(BatchJobType)
      .map((jobType) => this.get(jobType))
      .filter((job) => job !== null)
      .sort((a, b) => a.startedAt.toMillis() - b.startedAt.toMillis())
  }
}
