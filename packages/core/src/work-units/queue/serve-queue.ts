import type { UnitKind, WorkUnit } from '../work-unit.ts'
import { openBoss, type BossOptions } from './open-boss.ts'

/** How often an idle worker looks for a unit; what pg-boss allows at least. */
const POLL_SECONDS = 0.5
const BEAT_SECONDS = 3

export interface QueueService extends BossOptions {
  readonly kind: UnitKind
  /** Does one; the signal aborts when the unit was taken away from this worker. What it throws makes the unit be tried again. */
  readonly perform: (unit: WorkUnit, signal: AbortSignal) => Promise<object>
  /** Aborts when the program is to end; the unit under way is done first. */
  readonly signal: AbortSignal
}

/** Does units of a queue one after the other until the signal. */
export async function serveQueue(service: QueueService): Promise<void> {
  const { kind, perform, signal } = service
  const stopped = Promise.withResolvers<undefined>()
  const onAbort = (): void => {
    stopped.resolve(undefined)
  }
  await using open = await openBoss(kind, service)
  const polling = {
    batchSize: 1,
    pollingIntervalSeconds: POLL_SECONDS,
    burstWhenBatchFull: true,
    heartbeatRefreshSeconds: BEAT_SECONDS,
  }
  await open.boss.work<WorkUnit, object>(kind, polling, async ([job]) => {
    if (job === undefined) throw new RangeError('a unit was taken, and there is none')
    return perform(job.data, job.signal)
  })
  service.log.info({ queue: kind }, 'waiting_for_units')
  if (signal.aborted) return
  signal.addEventListener('abort', onAbort, { once: true })
  await stopped.promise
}
