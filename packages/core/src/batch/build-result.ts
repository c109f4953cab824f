import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import type { StopReason } from './heartbeat.ts'
import type { Json } from './phase.ts'
import {
  summariseJobs,
  type DataQuality,
  type DateResult,
  type RunResult,
  type RunStatus,
} from './result.ts'
import { NOTHING_DONE, type DatesOutcome } from './run-dates.ts'
import type { RunRequest } from './run-request.ts'

/** The part of a result that is known when a run starts. */
export interface RunFrame {
  readonly request: RunRequest
  readonly targetDate: SessionDate
  readonly startedAt: string
  /** Monotonic milliseconds at the start. */
  readonly startedMs: number
}

/** The result of a run that found nothing to do or was not its turn. */
export function idleResult(
  frame: RunFrame,
  clock: Clock,
  ending: { status: RunStatus; reason: string; batchRunId: string | null },
): RunResult {
  return {
    ...build(frame, clock, ending.batchRunId, NOTHING_DONE),
    status: ending.status,
    reason: ending.reason,
  }
}

/** The result of a run that worked on dates and ended by itself or was stopped. */
export function endedResult(
  frame: RunFrame,
  clock: Clock,
  batchRunId: string,
  ending: { outcome: DatesOutcome; stopReason: StopReason | null },
): RunResult {
  const { outcome, stopReason } = ending
  const result = build(frame, clock, batchRunId, outcome)
  if (outcome.wasStopped && stopReason !== null) {
    const isWish = stopReason === 'signal' || stopReason === 'cancel_requested'
    return { ...result, status: isWish ? 'cancelled' : 'failed', reason: stopReason }
  }
  const status = overallStatus(outcome.dates)
  return outcome.dates.some(isInBreach)
    ? { ...result, status, reason: 'guard' }
    : { ...result, status }
}

/** Whether the regression guard failed the date; when it cannot run, the date only has a warning. */
function isInBreach({ status, phases }: DateResult): boolean {
  return status === 'failed' && phases['regression_guard']?.status === 'failed'
}

function overallStatus(dates: readonly DateResult[]): RunStatus {
  const statuses = new Set(dates.map(({ status }) => status))
  if (statuses.has('failed')) return 'failed'
  return statuses.has('completed_with_warnings') ? 'completed_with_warnings' : 'completed'
}

function build(
  frame: RunFrame,
  clock: Clock,
  batchRunId: string | null,
  outcome: DatesOutcome,
): Omit<RunResult, 'status'> & { status: RunStatus } {
  const { request } = frame
  const jobs = summariseJobs(outcome.dates)
  const total = (field: 'items' | 'success' | 'failed') =>
    jobs.reduce((sum, job) => sum + job[field], 0)
  const lastDate = outcome.dates.at(-1)
  return {
    batch_run_id: batchRunId,
    job_type: request.jobType,
    mode: request.mode,
    status: 'completed',
    source: request.source,
    triggered_by: request.triggeredBy,
    target_date: frame.targetDate,
    dates: outcome.dates,
    portfolios_processed: Math.max(0, ...outcome.dates.map(portfoliosProcessed)),
    symbols_processed: Math.max(0, ...outcome.dates.map(symbolsProcessed)),
    total_jobs: total('items'),
    successful_jobs: total('success'),
    failed_jobs: total('failed'),
    job_summary: jobs,
    data_quality: dataQuality(lastDate),
    missing_symbols: missingSymbols(lastDate, outcome),
    alerts: outcome.alerts,
    started_at: frame.startedAt,
    completed_at: clock.now().toISO(),
    total_duration_seconds: Math.round(performance.now() - frame.startedMs) / 1000,
  }
}

function symbolsProcessed({ phases }: DateResult): number {
  return (phases['factors'] ?? phases['prices'])?.processed ?? 0
}

function portfoliosProcessed({ phases }: DateResult): number {
  return phases['snapshots']?.processed ?? 0
}

/** Of the run's last date; a portfolio with a missing mark has limited data. */
function dataQuality(date: DateResult | undefined): DataQuality {
  const metrics = date?.phases['factors']?.metrics ?? {}
  const snapshots = date?.phases['snapshots']
  const limited = asNumber(snapshots?.metrics['portfolios_partial']) ?? 0
  const position = (figure: string) => asNumber(snapshots?.metrics[`positions_${figure}`]) ?? 0
  return {
    portfolios_full: (snapshots?.processed ?? 0) - limited,
    portfolios_limited: limited,
    portfolios_failed: snapshots?.failed ?? 0,
    positions_processed: position('processed'),
    positions_stale: position('stale'),
    positions_missing: position('missing'),
    symbols_full_history: asNumber(metrics['symbols_full_history']) ?? 0,
    symbols_limited_history: asNumber(metrics['symbols_limited_history']) ?? 0,
    average_observations: asNumber(metrics['average_observations']),
  }
}

function asNumber(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null
}

function missingSymbols(date: DateResult | undefined, outcome: DatesOutcome): readonly string[] {
  const ofLastDate = outcome.failures.filter(
    (failure) => failure.phase === 'prices' && failure.date === date?.date,
  )
  const unmarked = date?.phases['snapshots']?.metrics['missing_symbols']
  return [
    ...ofLastDate.map(({ itemId }) => itemId),
    ...(Array.isArray(unmarked) ? unmarked.map(String) : []),
  ]
}
