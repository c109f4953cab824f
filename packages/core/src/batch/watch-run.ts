import type { Kysely } from 'kysely'
import { isLockFree, type Tables } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import type { Logger } from '../logging/index.ts'
import { RunOver } from '../work-units/index.ts'
import { lockNamesOf } from './dead-runs.ts'
import { selectRunState } from './store/select-run-state.ts'

const LOOK_MS = 2_000

/** A run as seen by who works for it from elsewhere. */
export interface RunWatch extends AsyncDisposable {
  /** Aborts with `RunOver` when the run is to stop, has ended, or its process is gone. */
  readonly signal: AbortSignal
}

/**
 * Looks every two seconds whether a run still goes on: its row says so, nobody has asked for its cancellation,
 * and its locks are held.
 *
 * @throws RunOver when it does not even now
 */
export async function watchRun(
  db: Kysely<Tables>,
  batchRunId: string,
  log: Logger,
): Promise<RunWatch> {
  if (!(await isGoingOn(db, batchRunId))) throw new RunOver(batchRunId)
  const over = new AbortController()
  let looking = Promise.resolve()
  const look = async (): Promise<void> => {
    try {
      if (!(await isGoingOn(db, batchRunId))) over.abort(new RunOver(batchRunId))
    } catch (thrown) {
      // Every transaction looks for itself as well; this one only stops sooner.
      log.warn({ err: coerceError(thrown) }, 'run_not_seen')
    }
  }
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, LOOK_MS)
  return {
    signal: over.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await looking
    },
  }
}

async function isGoingOn(db: Kysely<Tables>, batchRunId: string): Promise<boolean> {
  const run = await selectRunState(db, batchRunId)
  if (run?.status !== 'running' || run.cancel_requested) return false
  for (const name of lockNamesOf(run)) if (!(await isLockFree(db, name))) return true
  return false
}
