import { availableParallelism } from 'node:os'
import type { Logger } from '../../logging/index.ts'
import type { UnitExecutor, UnitRun } from '../unit-executor.ts'
import { UNIT_ATTEMPTS, unitName, type UnitEnd, type WorkUnit } from '../work-unit.ts'
import { WorkerThread } from './worker-thread.ts'

export interface ThreadOptions {
  /** Threads. */
  readonly workers: number
  /** The module that a thread runs. */
  readonly entry: URL
  /** Given to each thread. */
  readonly data: object
  readonly log: Logger
}

/**
 * An executor of threads of this process, started when there is something to do. Each takes the next unit
 * when it has done one; in the beginning the n-th takes the n-th, so that a thread meets the same chunk again.
 */
export function createThreadExecutor(options: ThreadOptions): UnitExecutor & AsyncDisposable {
  const { workers, entry, data, log } = options
  if (workers > availableParallelism()) {
    log.warn({ workers, processors: availableParallelism() }, 'more_workers_than_processors')
  }
  const threads = Array.from({ length: workers }, () => new WorkerThread(entry, data, log))
  return {
    workers,
    run: (units, run) => runUnits(threads, units, run),
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread[Symbol.asyncDispose]()))
    },
  }
}

async function runUnits(
  threads: readonly WorkerThread[],
  units: readonly WorkUnit[],
  run: UnitRun,
): Promise<readonly UnitEnd[]> {
  const ends = new Map<WorkUnit, UnitEnd>()
  const waiting = [...units]
  await Promise.all(
    threads.map(async (thread) => {
      for (;;) {
        const unit = run.signal.aborted ? undefined : waiting.shift()
        if (unit === undefined) return
        ends.set(unit, await doUnit(thread, unit, run))
        run.progress(ends.size)
      }
    }),
  )
  run.signal.throwIfAborted()
  return units.map((unit) => ends.get(unit) ?? unknownEnd(unit))
}

async function doUnit(
  thread: WorkerThread,
  unit: WorkUnit,
  { log, signal }: UnitRun,
): Promise<UnitEnd> {
  for (let attempts = 1; ; attempts++) {
    const attempt = await thread.do(unit, signal)
    if (attempt.ok) return attempt
    const { message } = attempt
    if (attempts === UNIT_ATTEMPTS || signal.aborted) return { ok: false, message, attempts }
    log.warn({ unit: unitName(unit), attempts, error: message }, 'unit_retried')
  }
}

function unknownEnd(unit: WorkUnit): never {
  throw new Error(`nobody did ${unitName(unit)}`)
}
