import type { Kysely } from 'kysely'
import { isLockFree, type Tables } from '../database/index.ts'
import { failRuns } from './store/fail-runs.ts'
import { selectRunningRuns, type RunningRun } from './store/select-running-runs.ts'

/**
 * Closes runs whose process is gone: their row says `running`, but the locks they must hold are free
 * or held by the caller. They become `failed` with reason `process_died`.
 *
 * @param ownLocks names of the locks that the caller holds
 * @returns the ids of the closed runs
 */
export async function closeDeadRuns(
  db: Kysely<Tables>,
  ownLocks: readonly string[],
  at: Date,
): Promise<readonly string[]> {
  const own = new Set(ownLocks)
  const dead: string[] = []
  const isFree = new Map<string, boolean>()
  for (const run of await selectRunningRuns(db)) {
    const names = lockNamesOf(run)
    // Many onboardings of one process share its lock.
    for (const name of names) {
      if (!isFree.has(name)) isFree.set(name, own.has(name) || (await isLockFree(db, name)))
    }
    const isOurs = names.some((name) => own.has(name))
    if (isOurs || names.every((name) => isFree.get(name))) dead.push(run.batch_run_id)
  }
  await failRuns(db, dead, 'process_died', at)
  return dead
}

/** A run writes its lock names with its row; one without them holds the lock of its type. */
export function lockNamesOf(run: RunningRun): readonly string[] {
  const names = run.progress?.['lock_names']
  return Array.isArray(names) ? names.map(String) : [run.job_type]
}
