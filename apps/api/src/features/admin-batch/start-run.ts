import { ApiError } from '../../http/api-error.ts'
import type { Context } from '../../http/endpoint.ts'
import type { LaunchRequest } from '@sigmasight/core/run-launch'

const RUN_URL = '/api/v1/admin/batch/run'

/**
 * Starts a run in a process of its own and answers where to follow it.
 *
 * @throws ApiError 409 BATCH_RUNNING with the id of a run that is in its way
 */
export async function startRun(
  { services }: Pick<Context, 'services'>,
  request: LaunchRequest,
  { force }: { readonly force: boolean },
) {
  const answer = await services.batch.launcher.launch(request, { force })
  if (answer.kind === 'already_running') {
    const members = { batch_run_id: answer.batchRunId }
    const detail =
      'Such a run is going on; force=true cancels it, waits for its end and starts anew.'
    throw new ApiError(409, 'BATCH_RUNNING', detail, { members })
  }
  const [batch_run_id = ''] = answer.batchRunIds
  const body = {
    status: 'started' as const,
    batch_run_id,
    batch_run_ids: [...answer.batchRunIds],
    poll_url: `${RUN_URL}/${batch_run_id}`,
  }
  return { status: 202 as const, body }
}
