import { effectiveDate } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import { isLockFree, tryAdvisoryLocks, withRetry, type HeldLock } from '../database/index.ts'
import type { BatchEnvironment } from './batch-environment.ts'
import { idleResult, type RunFrame } from './build-result.ts'
import { closeDeadRuns, lockNamesOf } from './dead-runs.ts'
import type { DatePlan } from './plan-dates.ts'
import type { RunResult } from './result.ts'
import { lockNames } from './run-locks.ts'
import { runRecorded } from './run-recorded.ts'
import type { RunRequest } from './run-request.ts'
import type { RunnableLayer } from './runnable-layer.ts'
import { selectRecentRuns } from './store/select-recent-runs.ts'

/**
 * The one way any batch runs: take the lock, close what died, decide on the dates, run the phases
 * date by date, record all of it, and end in a terminal status whatever happens.
 *
 * @returns the result object; `skipped` when another run holds the lock. Throws only when the
 *   database itself cannot be used.
 */
export async function runBatch(
  environment: BatchEnvironment,
  layers: readonly RunnableLayer[],
  request: RunRequest,
): Promise<RunResult> {
  const { clock, history, log } = environment
  const effective = effectiveDate(clock.now(), environment.settleMinutes)
  const frame = startFrame(request, clock, effective)
  const names = lockNames(request, layers)
  await using lock = await takeLocks(environment, names)
  if (lock === null) {
    const batchRunId = await findHolder(environment, names, new Date(frame.startedAt))
    log.warn({ lock_names: names, running_batch_run_id: batchRunId }, 'already_running')
    return idleResult(frame, clock, { status: 'skipped', reason: 'already_running', batchRunId })
  }
  const at = clock.now().toJSDate()
  const closeDead = () => closeDeadRuns(history.db, names, at)
  for (const dead of await withRetry(closeDead, environment)) {
    log.warn({ dead_batch_run_id: dead }, 'process_died')
  }
  const plans: DatePlan[] = []
  for (const layer of layers) {
    plans.push(await withRetry(() => layer.plan(request, effective), environment))
  }
  if (plans.every(({ dates }) => dates.length === 0)) {
    log.info({ target_date: frame.targetDate }, 'nothing_to_do')
    const ending = { status: 'completed', reason: 'nothing_to_do', batchRunId: null } as const
    return { ...idleResult(frame, clock, ending), alerts: plans.flatMap(({ alerts }) => alerts) }
  }
  return await runRecorded(environment, {
    layers,
    plans,
    effective,
    frame,
    names,
    lost: lock.lost,
  })
}

function takeLocks(
  { tryLocks, lockUrl, lockWatchMs }: BatchEnvironment,
  names: readonly string[],
): Promise<HeldLock | null> {
  return tryLocks?.(names) ?? tryAdvisoryLocks(lockUrl, names, lockWatchMs)
}

/** How often, and how far apart, the holder of a lock is looked for. */
const HOLDER_LOOKS = { times: 50, pauseMs: 100 } as const

/**
 * The run that holds one of the locks, or did when they were asked for. A run takes its locks before it knows
 * whether there is work and writes its row only then, so one that has just started is waited for while it
 * holds them; null when it wrote none.
 */
async function findHolder(
  { history, sleep }: BatchEnvironment,
  names: readonly string[],
  since: Date,
): Promise<string | null> {
  let isTaken = true
  for (let look = 1; look <= HOLDER_LOOKS.times && isTaken; look++) {
    const free = await Promise.all(names.map((name) => isLockFree(history.db, name)))
    isTaken = free.includes(false)
    const recent = await selectRecentRuns(history.db, since)
    const holder = recent.find((run) => lockNamesOf(run).some((name) => names.includes(name)))
    if (holder !== undefined) return holder.batch_run_id
    await sleep(HOLDER_LOOKS.pauseMs)
  }
  return null
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
