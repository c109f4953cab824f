import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../database/index.ts'
import type { Logger } from '../../logging/index.ts'
import { selectUnitStates, type UnitState } from '../store/select-unit-states.ts'
import type { UnitExecutor, UnitRun } from '../unit-executor.ts'
import { unitId, unitName, type UnitEnd, type UnitKind, type WorkUnit } from '../work-unit.ts'
import { openBoss, type OpenBoss } from './open-boss.ts'

export interface QueueOptions {
  /** Where the queue is; the units' states are read over it. */
  readonly database: Database
  readonly url: string
  readonly log: Logger
}

const POLL_MS = 200
/** How long nobody may take a unit before that is said, and how often it is said again. */
const LONELY_MS = { first: 3_000, again: 30_000 } as const

/** An executor of whoever runs `work` on the same database. Queues are opened when there is something to do. */
export function createQueueExecutor(options: QueueOptions): UnitExecutor & AsyncDisposable {
  const open = new Map<UnitKind, Promise<OpenBoss>>()
  const bossOf = async (kind: UnitKind) => {
    const opening = open.get(kind) ?? openBoss(kind, options)
    open.set(kind, opening)
    try {
      return (await opening).boss
    } catch (thrown) {
      open.delete(kind)
      throw thrown
    }
  }
  return {
    workers: null,
    async run(units, run) {
      const [first] = units
      if (first === undefined) return []
      const { kind } = first
      const boss = await bossOf(kind)
      const jobs = units.map((unit) => {
        return { id: unitId(unit), singletonKey: unitName(unit), data: { ...unit } }
      })
      // What is there already, by its id or its name, is left alone: it is the same work.
      await boss.insert(kind, jobs)
      try {
        return await untilEnded(options, units, run)
      } catch (thrown) {
        // Nobody waits for them any more; who is at one of them notices that the run is over.
        const ids = jobs.map(({ id }) => id)
        if (run.signal.aborted) await boss.cancel(kind, ids)
        throw thrown
      }
    },
    async [Symbol.asyncDispose]() {
      for (const opening of open.values()) await (await opening)[Symbol.asyncDispose]()
    },
  }
}

async function untilEnded(
  { database }: QueueOptions,
  units: readonly WorkUnit[],
  { log, progress, signal }: UnitRun,
): Promise<readonly UnitEnd[]> {
  const ids = units.map(unitId)
  const kind = units[0]?.kind ?? 'portfolio-refresh'
  const ends = new Map<string, UnitEnd>()
  let lonelySince = performance.now()
  let saidAt = -Infinity
  for (;;) {
    signal.throwIfAborted()
    const pending = ids.filter((id) => !ends.has(id))
    const states = await selectUnitStates(database.db, kind, pending)
    for (const state of states) {
      const end = endOf(state)
      if (end !== null) ends.set(state.id, end)
    }
    if (ends.size === ids.length) return ids.map((id) => ends.get(id) ?? lostUnit(id))
    if (states.length < pending.length) lostUnit(pending.join(', '))
    const hasMoved = ends.size > ids.length - pending.length
    if (hasMoved) progress(ends.size)
    const now = performance.now()
    if (hasMoved || states.some(({ state }) => state === 'active')) lonelySince = now
    if (now - lonelySince > LONELY_MS.first && now - saidAt > LONELY_MS.again) {
      saidAt = now
      log.warn({ queue: kind, units: pending.length, start: `${kind} work` }, 'waiting_for_workers')
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** What became of a unit; null while it has not ended. */
function endOf({ state, retry_count, output }: UnitState): UnitEnd | null {
  switch (state) {
    case 'completed':
      return { ok: true, output: output as object }
    case 'failed':
      return { ok: false, message: messageOf(output), attempts: retry_count + 1 }
    case 'cancelled':
      return { ok: false, message: 'it was cancelled in the queue', attempts: retry_count + 1 }
    case 'created':
    case 'retry':
    case 'active':
      return null
  }
}

/** pg-boss stores the error that was thrown, or a value of its own where there was none. */
function messageOf(output: unknown): string {
  const { message, value } = (output ?? {}) as { message?: string; value?: { message?: string } }
  return message ?? value?.message ?? 'its worker died or took too long'
}

function lostUnit(id: string): never {
  throw new Error(`the queue has lost ${id}`)
}
