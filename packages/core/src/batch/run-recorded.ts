import type { SessionDate } from '../calendar/iso-date.ts'
import { transaction, withRetry, type Database } from '../database/index.ts'
import { announceRun } from './announce-run.ts'
import { endedResult, type RunFrame } from './build-result.ts'
import { Heartbeat, type StopReason } from './heartbeat.ts'
import { observeAll } from './observer.ts'
import type { DatePlan } from './plan-dates.ts'
import type { RunResult } from './result.ts'
import type { BatchEnvironment } from './batch-environment.ts'
import { NOTHING_DONE, type DatesOutcome } from './run-dates.ts'
import { runLayers } from './run-layers.ts'
import type { RunnableLayer } from './runnable-layer.ts'
import { finishRuns } from './store/finish-runs.ts'
import { insertRun } from './store/insert-run.ts'

/** A run that holds its locks and knows its dates. */
export interface GrantedRun {
  readonly layers: readonly RunnableLayer[]
  /** One per layer. */
  readonly plans: readonly DatePlan[]
  readonly effective: SessionDate
  readonly frame: RunFrame
  readonly names: readonly string[]
  /** Aborts when the connection that holds the locks is lost. */
  readonly lost: AbortSignal
}

/** Runs the dates of a granted run under a history row that ends in a terminal status whatever throws. */
export async function runRecorded(
  environment: BatchEnvironment,
  run: GrantedRun,
): Promise<RunResult> {
  const { clock, history } = environment
  const { request, targetDate } = run.frame
  const row = {
    jobType: request.jobType,
    source: request.source,
    triggeredBy: request.triggeredBy,
    startedAt: clock.now().toJSDate(),
    targetDate,
    portfolioId: request.scope.kind === 'portfolio' ? request.scope.portfolioId : null,
    lockNames: run.names,
    batchRunId: request.batchRunId ?? null,
  }
  // A transaction, so that one whose answer is lost opens no second row.
  const open = () => transaction(history, ({ db }) => insertRun(db, row))
  const batchRunId = await withRetry(open, environment)
  const stop = new StopSwitch(environment.signal, run.lost)
  const log = environment.log.child({ batch_run_id: batchRunId })
  const write = async (result: RunResult) => {
    const ending = { result, at: clock.now().toJSDate() }
    await withRetry(() => finishRuns(history.db, [ending]), environment)
    return result
  }
  const finish = async (result: RunResult) => {
    let ended = await write(result)
    // Of commits that did not wait for the disk, a server that went down may have forgotten some.
    if (environment.database.delaysCommits === true && run.lost.aborted) {
      ended = await write({ ...ended, status: 'failed', reason: 'lock_lost' })
    }
    await announceRun(environment, request, ended)
    log.info({ event: 'run_summary', ...summaryLine(ended) }, 'run_summary')
    return ended
  }
  try {
    const work = { ...run, batchRunId, stop }
    const database = writableUntil(environment.database, run.lost)
    const { refusal, ...outcome } = await runGated({ ...environment, database, log }, work)
    const ended = endedResult(run.frame, clock, batchRunId, { outcome, stopReason: stop.reason })
    return await finish(refusal === null ? ended : { ...ended, status: 'aborted', reason: refusal })
  } catch (thrown) {
    const ending = { outcome: NOTHING_DONE, stopReason: null }
    const ended = endedResult(run.frame, clock, batchRunId, ending)
    await finish({ ...ended, status: 'failed', reason: 'crashed' })
    throw thrown
  }
}

async function runGated(
  environment: BatchEnvironment,
  run: GrantedRun & { batchRunId: string; stop: StopSwitch },
): Promise<DatesOutcome & { readonly refusal: string | null }> {
  const { clock, history, log } = environment
  const { layers, plans, batchRunId, stop } = run
  const { request } = run.frame
  const phases = layers.map(
    ({ phaseNames }) => phaseNames.filter((name) => request.phases?.includes(name) ?? true).length,
  )
  const dates = plans.reduce((sum, plan) => sum + plan.dates.length, 0)
  await using heartbeat = new Heartbeat({
    db: history.db,
    clock,
    log,
    batchRunId,
    lockNames: run.names,
    phasesTotal: plans.reduce((sum, plan, i) => sum + plan.dates.length * (phases[i] ?? 0), 0),
    timeoutMs: environment.timeoutSecondsPerDate * dates * 1000,
    stop: stop.stop,
  })
  const [first] = layers
  const [plan] = plans
  const refusal =
    first === undefined || plan === undefined ? null : await first.gate(plan, stop.signal)
  if (refusal !== null) {
    return { ...NOTHING_DONE, refusal, alerts: [refusal] }
  }
  heartbeat.workBegins()
  const observer = observeAll([heartbeat, environment.observer])
  const outcome = await runLayers({
    environment,
    layers,
    plans,
    request,
    effectiveDate: run.effective,
    batchRunId,
    observer,
    signal: stop.signal,
  })
  return { ...outcome, refusal: null }
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

/** The same database, in which no transaction begins any more once the lock is lost. */
function writableUntil(database: Database, lost: AbortSignal): Database {
  const guard: Database['guard'] = async (client) => {
    lost.throwIfAborted()
    await database.guard?.(client)
  }
  return { ...database, guard }
}

function whenAborted(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then()
  else signal.addEventListener('abort', then, { once: true })
}

function summaryLine(result: RunResult) {
  const { dates, job_summary, ...rest } = result
  return { ...rest, dates: dates.length, jobs: job_summary.length }
}
