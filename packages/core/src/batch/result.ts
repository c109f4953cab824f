import type { SessionDate } from '../calendar/iso-date.ts'
import type { BatchMode, JobType, RunSource } from './job-type.ts'
import type { Json } from './phase.ts'

/** How a run or a date of it ended. */
export type RunStatus =
  'completed' | 'completed_with_warnings' | 'failed' | 'aborted' | 'skipped' | 'cancelled'

/** From best to worst. */
const SEVERITY: readonly RunStatus[] = [
  'skipped',
  'completed',
  'completed_with_warnings',
  'cancelled',
  'aborted',
  'failed',
]

/** Whether one status tells of more trouble than another. */
export function isWorse(a: RunStatus, b: RunStatus): boolean {
  return SEVERITY.indexOf(a) > SEVERITY.indexOf(b)
}

/** One phase of one date in the result object. */
export interface PhaseResult {
  readonly status: 'completed' | 'failed'
  readonly started_at: string
  readonly duration_ms: number
  readonly processed: number
  readonly skipped: number
  readonly failed: number
  readonly error: string | null
  readonly reasons: Readonly<Record<string, number>>
  readonly metrics: Readonly<Record<string, Json>>
}

export interface DateResult {
  readonly date: SessionDate
  readonly status: RunStatus
  readonly phases: Readonly<Record<string, PhaseResult>>
}

/** Items of one phase over all dates of the run. */
export interface JobSummary {
  readonly job: string
  readonly items: number
  readonly success: number
  readonly failed: number
  readonly skipped: number
}

/** What `--summary-json` prints and `batch_run_history.summary` holds. Field names are a contract. */
export interface RunResult {
  readonly batch_run_id: string | null
  readonly job_type: JobType
  readonly mode: BatchMode
  readonly status: RunStatus
  readonly reason?: string
  readonly source: RunSource
  readonly triggered_by: string
  readonly target_date: SessionDate
  readonly dates: readonly DateResult[]
  readonly portfolios_processed: number
  readonly symbols_processed: number
  readonly total_jobs: number
  readonly successful_jobs: number
  readonly failed_jobs: number
  readonly job_summary: readonly JobSummary[]
  readonly data_quality: DataQuality
  readonly missing_symbols: readonly string[]
  readonly alerts: readonly string[]
  readonly started_at: string
  readonly completed_at: string
  readonly total_duration_seconds: number
}

/** The roll-up at the end of a run; counts of the last date that ran. */
export interface DataQuality {
  readonly portfolios_full: number
  readonly portfolios_limited: number
  readonly portfolios_failed: number
  readonly positions_processed: number
  readonly positions_stale: number
  readonly positions_missing: number
  readonly symbols_full_history: number
  readonly symbols_limited_history: number
  /** Null when no regression was computed. */
  readonly average_observations: number | null
}

/** Adds up the items of each phase over the dates of a run, in the order the phases first appear. */
export function summariseJobs(dates: readonly DateResult[]): readonly JobSummary[] {
  const byJob = new Map<string, JobSummary>()
  for (const { phases } of dates) {
    for (const [job, phase] of Object.entries(phases)) {
      const before = byJob.get(job) ?? { job, items: 0, success: 0, failed: 0, skipped: 0 }
      byJob.set(job, {
        job,
        items: before.items + phase.processed + phase.failed + phase.skipped,
        success: before.success + phase.processed,
        failed: before.failed + phase.failed,
        skipped: before.skipped + phase.skipped,
      })
    }
  }
  return [...byJob.values()]
}
