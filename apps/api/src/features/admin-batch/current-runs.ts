import { closeDeadRuns } from '@sigmasight/core/batch'
import {
  selectRun,
  selectUnderWay,
  viewRun,
  viewUnrecorded,
  type RunView,
} from '@sigmasight/core/run-ledger'
import type { Context } from '../../http/endpoint.ts'

type Needed = Pick<Context, 'database' | 'clock' | 'services'>

/**
 * Every run under way, oldest first: those of the ledger, whatever process they are in, and what this process
 * has begun that has no row yet. Runs whose process died are closed before.
 */
export async function currentRuns(context: Needed): Promise<readonly RunView[]> {
  const { database, clock } = context
  const now = clock.now()
  await closeDeadRuns(database.db, [], now.toJSDate())
  const recorded = (await selectUnderWay(database.db)).map((row) => viewRun(row, now))
  const known = new Set(recorded.map(({ batch_run_id }) => batch_run_id))
  const begun: RunView[] = []
  for (const run of begunHere(context)) {
    if (known.has(run.batchRunId) || (await selectRun(database.db, run.batchRunId)) !== null)
      continue
    begun.push(viewUnrecorded(run, now))
  }
  return [...recorded, ...begun].sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at))
}

function begunHere({ services }: Needed) {
  const { launcher, tracker } = services.batch
  const launched = launcher.unrecorded().map((run) => ({ ...run, since: run.launchedAt }))
  const tracked = tracker
    .all()
    // A launched run whose program is still tidying up is over.
    .filter(({ batchRunId }) => launcher.find(batchRunId) === null)
    .map((job) => ({ ...job, since: job.startedAt }))
  return [...launched, ...tracked]
}
