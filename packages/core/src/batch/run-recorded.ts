import type { SessionDate } from '../calendar/iso-date.ts'
import { withRetry } from '../database/index.ts'
import { stepEvent } from '../logging/index.ts'
import { endedResult, type RunFrame } from './build-result.ts'
import { Heartbeat, type StopReason } from './heartbeat.ts'
import type { Layer } from './layer.ts'
import { observeAll } from './observer.ts'
import type { PhaseContext } from './phase.ts'
import { chunkDates, type DatePlan } from './plan-dates.ts'
import { TableRecorder } from './recorder.ts'
import type { RunResult } from './result.ts'
import type { BatchEnvironment } from './batch-environment.ts'
import { runDates, type DatesOutcome } from './run-dates.ts'
import { isLimited } from './run-request.ts'
import { finishRun } from './store/finish-run.ts'
import { insertRun } from './store/insert-run.ts'

/** A run that holds its locks and knows its dates. */
export interface GrantedRun {
  readonly plan: DatePlan
  readonly effective: SessionDate
  readonly frame: RunFrame
  readonly names: readonly string[]
  /** Aborts when the connection that holds the locks is lost. */
  readonly lost: AbortSignal
}

/** Runs the dates of a granted run under a history row that ends in a terminal status whatever throws. */
export async function runRecorded<Context extends PhaseContext>(
  environment: BatchEnvironment,
  layer: Layer<Context>,
  run: GrantedRun,
): Promise<RunResult> {
  const { clock, history } = environment
  const { request, targetDate } = run.frame
  const batchRunId = await insertRun(history.db, {
    jobType: request.jobType,
    source: request.source,
    triggeredBy: request.triggeredBy,
    startedAt: clock.now().toJSDate(),
    targetDate,
    portfolioId: request.scope.kind === 'portfolio' ? request.scope.portfolioId : null,
    lockNames: run.names,
  })
  const stop = new StopSwitch(environment.signal, run.lost)
  const log = environment.log.child({ batch_run_id: batchRunId })
  const finish = async (ended: RunResult) => {
    const at = clock.now().toJSDate()
    await withRetry(() => finishRun(history.db, ended, at), environment)
    const success = ended.status === 'completed' || ended.status === 'completed_with_warnings'
    stepEvent(log, {
      step: `${layer.batchType}_complete`,
      status: success ? 'completed' : 'failed',
      duration_ms: ended.total_duration_seconds * 1000,
      success,
    })
    log.info({ event: 'run_summary', ...summaryLine(ended) }, 'run_summary')
    return ended
  }
  stepEvent(log, { step: `${layer.batchType}_start`, status: 'started', batch_date: targetDate })
  try {
    const { refusal, ...outcome } = await runPhases({ ...environment, log }, layer, {
      ...run,
      batchRunId,
      stop,
    })
    const ended = endedResult(run.frame, clock, batchRunId, { outcome, stopReason: stop.reason })
    return await finish(refusal === null ? ended : { ...ended, status: 'aborted', reason: refusal })
  } catch (thrown) {
    const outcome = { dates: [], alerts: [], failures: [], wasStopped: false }
    const ended = endedResult(run.frame, clock, batchRunId, { outcome, stopReason: null })
    await finish({ ...ended, status: 'failed', reason: 'crashed' })
    throw thrown
  }
}

async function runPhases<Context extends PhaseContext>(
  environment: BatchEnvironment,
  layer: Layer<Context>,
  run: GrantedRun & { batchRunId: string; stop: StopSwitch },
): Promise<DatesOutcome & { readonly refusal: string | null }> {
  const { clock, history, log } = environment
  const { plan, batchRunId, stop } = run
  const { request } = run.frame
  const phases = layer.phases.filter(({ name }) => request.phases?.includes(name) ?? true)
  await using heartbeat = new Heartbeat({
    db: history.db,
    clock,
    log,
    batchRunId,
    lockNames: run.names,
    datesTotal: plan.dates.length,
    phasesPerDate: phases.length,
    timeoutMs: environment.timeoutSecondsPerDate * plan.dates.length * 1000,
    stop: stop.stop,
  })
  const refusal = (await layer.gate?.(plan, stop.signal)) ?? null
  if (refusal !== null) {
    return { refusal, dates: [], alerts: [refusal], failures: [], wasStopped: false }
  }
  if (stop.signal.aborted) {
    return { refusal: null, dates: [], alerts: [], failures: [], wasStopped: true }
  }
  heartbeat.workBegins()
  const opening = { batchRunId, request, effectiveDate: run.effective }
  const makeContext = await withRetry(() => layer.open(opening), environment)
  const observer = observeAll([heartbeat, environment.observer])
  const { jobType } = request
  const { batchType } = layer
  const tracksDates = !isLimited(request)
  const outcome = await runDates({
    chunks: chunkDates(plan.dates, request.chunkDays),
    phases,
    recorder: new TableRecorder({
      history,
      clock,
      batchRunId,
      jobType,
      batchType,
      tracksDates,
      sleep: environment.sleep,
    }),
    observer,
    clock,
    signal: stop.signal,
    sleep: environment.sleep,
    contextOf: (date, chunk) => {
      const isFinalDate = date === plan.dates.at(-1)
      const progress = observer.phaseProgress.bind(observer)
      return makeContext({ date, isFinalDate, log, signal: stop.signal, progress }, chunk)
    },
  })
  return {
    ...outcome,
    refusal: null,
    alerts: [...cutAlert(plan), ...plan.alerts, ...outcome.alerts],
  }
}

/** Collects the reasons for which a run may have to stop into one signal that remembers the first. */
class StopSwitch {
  readonly #controller = new AbortController()
  reason: StopReason | null = null

  constructor(signal: AbortSignal, lost: AbortSignal) {
    whenAborted(signal, () => {
      this.stop('signal')
    })
    whenAborted(lost, () => {
      this.stop('lock_lost')
    })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  readonly stop = (reason: StopReason): void => {
    this.reason ??= reason
    this.#controller.abort(new Error(`run stopped: ${this.reason}`))
  }
}

function whenAborted(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then()
  else signal.addEventListener('abort', then, { once: true })
}

function cutAlert({ cut }: DatePlan): readonly string[] {
  const [first] = cut
  const last = cut.at(-1)
  if (first === undefined || last === undefined) return []
  return [
    `${cut.length} older sessions without a completed run were left out by --max-catchup; run --start-date ${first} --end-date ${last}`,
  ]
}

function summaryLine(result: RunResult) {
  const { dates, job_summary, ...rest } = result
  return { ...rest, dates: dates.length, jobs: job_summary.length }
}
