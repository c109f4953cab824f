import { FULL_LAUNCH, type LaunchRequest } from '@sigmasight/core/run-launch'
import { endpoint, type Endpoint } from '../../http/endpoint.ts'
import { startedSchema } from './schemas.ts'
import { startRun } from './start-run.ts'

function trigger(
  name: string,
  summary: string,
  request: Pick<LaunchRequest, 'job' | 'phases' | 'redo'>,
): Endpoint {
  return endpoint({
    method: 'POST',
    path: `/admin/batch/trigger/${name}`,
    auth: 'admin',
    summary,
    responses: { 202: startedSchema },
    problems: { 409: 'Such a run is going on: BATCH_RUNNING, with its batch_run_id.' },
    handler: ({ user, services }) => {
      const whole = { ...FULL_LAUNCH, ...request, source: 'admin', triggeredBy: user.id } as const
      return startRun({ services }, whole, { force: false })
    },
  })
}

/** Single phases for the effective date. */
export const triggerEndpoints = [
  trigger('market-data', 'Fetch the prices that are missing', {
    job: 'symbol_batch',
    phases: ['prices'],
    redo: false,
  }),
  trigger('correlations', 'Compute the correlations of every portfolio again', {
    job: 'portfolio_refresh',
    phases: ['correlations'],
    redo: true,
  }),
  trigger('company-profiles', 'Fetch the company profiles that are due', {
    job: 'symbol_batch',
    phases: ['company_profiles'],
    redo: false,
  }),
]
