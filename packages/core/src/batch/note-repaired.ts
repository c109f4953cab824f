import { withRetry } from '../database/index.ts'
import type { BatchEnvironment } from './batch-environment.ts'
import type { RunResult } from './result.ts'
import { insertRepairedItems } from './store/insert-repaired-items.ts'
import type { FailedPortfolioDate } from './store/select-failed-portfolio-dates.ts'

/**
 * After a run of `--reprocess failed`: what it was to repair and has done is not failed any more. What
 * another run happened to repair stays listed until then, and is done once more without a row written.
 */
export async function noteRepaired(
  environment: BatchEnvironment,
  result: RunResult,
  wanted: readonly FailedPortfolioDate[],
): Promise<void> {
  const { batch_run_id: batchRunId, job_type: jobType, dates } = result
  if (batchRunId === null || wanted.length === 0) return
  const phasesOn = new Map(dates.map(({ date, phases }) => [date, phases]))
  const items = wanted.filter(
    ({ date, phase }) => phasesOn.get(date)?.[phase]?.status === 'completed',
  )
  const at = environment.clock.now().toJSDate()
  const { history } = environment
  await withRetry(
    () => insertRepairedItems(history.db, { batchRunId, jobType, items, at }),
    environment,
  )
}
