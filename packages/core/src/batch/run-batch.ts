import { effectiveDate } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import { tryAdvisoryLocks } from '../database/index.ts'
import type { BatchEnvironment } from './batch-environment.ts'
import { idleResult, type RunFrame } from './build-result.ts'
import { closeDeadRuns, lockNamesOf } from './dead-runs.ts'
import type { Layer } from './layer.ts'
import type { PhaseContext } from './phase.ts'
import type { RunResult } from './result.ts'
import { lockNames } from './run-locks.ts'
import { runRecorded } from './run-recorded.ts'
import type { RunRequest } from './run-request.ts'
import { selectRunningRuns } from './store/select-running-runs.ts'

/**
 * The one way any batch runs: take the lock, close what died, decide on the dates, run the phases
 * date by date, record all of it, and end in a terminal status whatever happens.
 *
 * @returns the result object; `skipped` when another run holds the lock. Throws only when the
 *   database itself cannot be used.
 */
export async function runBatch<Context extends PhaseContext>(
  environment: BatchEnvironment,
  layer: Layer<Context>,
  request: RunRequest,
): Promise<RunResult> {
  const { clock, history, lockUrl, log } = environment
  const effective = effectiveDate(clock.now(), environment.settleMinutes)
  const frame = startFrame(request, clock, effective)
  const names = lockNames(request, layer)
  await using lock = await tryAdvisoryLocks(lockUrl, names)
  if (lock === null) {
    const holder = (await selectRunningRuns(history.db)).find((run) =>
      lockNamesOf(run).some((name) => names.includes(name)),
    )
    const batchRunId = holder?.batch_run_id ?? null
    log.warn({ lock_names: names, running_batch_run_id: batchRunId }, 'already_running')
    return idleResult(frame, clock, { status: 'skipped', reason: 'already_running', batchRunId })
  }
  for (const dead of await closeDeadRuns(history.db, names, clock.now().toJSDate())) {
    log.warn({ dead_batch_run_id: dead }, 'process_died')
  }
  const plan = await layer.plan(request, effective)
  if (plan.dates.length === 0) {
    log.info({ target_date: plan.target }, 'nothing_to_do')
    const ending = { status: 'completed', reason: 'nothing_to_do', batchRunId: null } as const
    return { ...idleResult(frame, clock, ending), alerts: plan.alerts }
  }
  return await runRecorded(environment, layer, { plan, effective, frame, names, lost: lock.lost })
}

function startFrame(request: RunRequest, clock: Clock, effective: SessionDate): RunFrame {
  const { dates } = request
  return {
    request,
    targetDate: dates.kind === 'range' ? dates.end : (dates.target ?? effective),
    startedAt: clock.now().toISO(),
    startedMs: performance.now(),
  }
}
