import { z } from 'zod'
import { closeDeadRuns, selectDates } from '@sigmasight/core/batch'
import { CalendarRangeError, effectiveDate } from '@sigmasight/core/calendar'
import { UsageError } from '@sigmasight/core/errors'
import { requirePortfolio } from '@sigmasight/core/portfolios'
import { FULL_LAUNCH } from '@sigmasight/core/run-launch'
import { selectRun, selectRuns, viewRun, viewUnrecorded } from '@sigmasight/core/run-ledger'
import { ApiError } from '../../http/api-error.ts'
import { endpoint, type Context } from '../../http/endpoint.ts'
import { isoDate } from '../../http/schemas.ts'
import { currentRuns } from './current-runs.ts'
import { currentSchema, runParams, runSchema, startedSchema } from './schemas.ts'
import { startRun } from './start-run.ts'

const runRequest = z.strictObject({
  job: z.enum(['symbol_batch', 'portfolio_refresh', 'all']).default('all'),
  portfolio_id: z.uuid().optional(),
  force: z.boolean().default(false),
  reprocess: z.enum(['missing', 'failed', 'all']).default('missing'),
  start_date: isoDate.optional(),
  end_date: isoDate.optional(),
})
type RunBody = z.output<typeof runRequest>

const start = endpoint({
  method: 'POST',
  path: '/admin/batch/run',
  auth: 'admin',
  summary: 'Start a batch in a process of its own',
  description:
    'In legacy mode the combined batch does symbols and portfolios, whichever of the two is asked for, but for portfolios alone. ' +
    '`start_date` and `end_date` belong together. `force` cancels the run in the way, waits for its end, then starts.',
  body: runRequest.prefault({}),
  responses: { 202: startedSchema },
  problems: {
    400: 'The dates are none that a batch can work on: BAD_DATES.',
    404: 'There is no active portfolio of that id: PORTFOLIO_NOT_FOUND.',
    409: 'Such a run is going on: BATCH_RUNNING, with its batch_run_id; or legacy mode has no such job: V2_DISABLED.',
  },
  async handler({ body, user, ...context }) {
    const { job, portfolio_id: portfolioId, force, reprocess } = body
    if (job === 'portfolio_refresh' && !context.config.batchV2Enabled) {
      const detail = 'In legacy mode the combined batch does the portfolios too: start job all.'
      throw new ApiError(409, 'V2_DISABLED', detail)
    }
    const dates = datesOf(body, context)
    if (portfolioId !== undefined) await requireActive(context, portfolioId)
    const scope =
      portfolioId === undefined ? FULL_LAUNCH.scope : ({ kind: 'portfolio', portfolioId } as const)
    const request = { ...FULL_LAUNCH, job, dates, scope, reprocess }
    return startRun(context, { ...request, source: 'admin', triggeredBy: user.id }, { force })
  },
})

function datesOf(
  { start_date: startDate, end_date: endDate }: RunBody,
  { clock, config }: Pick<Context, 'clock' | 'config'>,
) {
  if (startDate === undefined && endDate === undefined) return null
  if (startDate === undefined || endDate === undefined) {
    throw new ApiError(400, 'BAD_DATES', 'start_date and end_date belong together: give both.')
  }
  if (startDate > endDate) throw new ApiError(400, 'BAD_DATES', 'start_date is after end_date.')
  try {
    const effective = effectiveDate(clock.now(), config.marketSettleMinutes)
    selectDates({ startDate, endDate, backfill: true }, effective)
  } catch (thrown) {
    if (!(thrown instanceof UsageError || thrown instanceof CalendarRangeError)) throw thrown
    const detail = thrown.message
      .replaceAll('--start-date', 'start_date')
      .replaceAll('--end-date', 'end_date')
    throw new ApiError(400, 'BAD_DATES', detail, { cause: thrown })
  }
  return { start: startDate, end: endDate }
}

async function requireActive({ database }: Pick<Context, 'database'>, portfolioId: string) {
  try {
    await requirePortfolio(database.db, portfolioId)
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    const detail = 'There is no active portfolio of this id.'
    throw new ApiError(404, 'PORTFOLIO_NOT_FOUND', detail, { cause })
  }
}

const current = endpoint({
  method: 'GET',
  path: '/admin/batch/run/current',
  auth: 'admin',
  summary: 'What runs now, in any process',
  description: 'The fields are those of the run under way longest; `runs` has all of them.',
  responses: { 200: currentSchema },
  async handler(context) {
    const runs = await currentRuns(context)
    const [oldest] = runs
    if (oldest === undefined) {
      return { status: 200, body: { status: 'idle', message: 'No batch is running.' } }
    }
    return { status: 200, body: { ...oldest, status: 'running', runs: runs.slice() } }
  },
})

const cancel = endpoint({
  method: 'POST',
  path: '/admin/batch/run/current/cancel',
  auth: 'admin',
  summary: 'Ask a run to stop after its unit of work',
  description: 'Without an id the run under way longest. It has stopped when its status says so.',
  body: z.strictObject({ batch_run_id: z.uuid().optional() }).prefault({}),
  responses: { 202: z.object({ status: z.literal('cancel_requested'), batch_run_id: z.uuid() }) },
  problems: { 404: 'No such run is under way: NO_RUN.' },
  async handler({ body, ...context }) {
    const wanted = body.batch_run_id ?? (await currentRuns(context))[0]?.batch_run_id
    const isAsked = wanted !== undefined && (await context.services.batch.launcher.cancel(wanted))
    if (!isAsked) throw new ApiError(404, 'NO_RUN', 'No such run is under way.')
    return { status: 202, body: { status: 'cancel_requested', batch_run_id: wanted } }
  },
})

const byId = endpoint({
  method: 'GET',
  path: '/admin/batch/run/:batchRunId',
  auth: 'admin',
  summary: 'How far a run is, or how it ended',
  description:
    'A run that found nothing to do leaves no record; the process that started it remembers its end for a while.',
  params: runParams,
  responses: { 200: runSchema },
  problems: { 404: 'There is no such run: RUN_NOT_FOUND.' },
  async handler({ params, database, clock, services }) {
    const now = clock.now()
    await closeDeadRuns(database.db, [], now.toJSDate())
    const launched = services.batch.launcher.find(params.batchRunId)
    const row = await selectRun(database.db, params.batchRunId)
    if (row !== null) return { status: 200, body: viewRun(row, now) }
    if (launched === null) throw runNotFound()
    const view = viewUnrecorded({ ...launched, since: launched.launchedAt }, now)
    if (launched.ending === null) return { status: 200, body: view }
    const { status, reason } = launched.ending
    const progress_percent = status === 'completed' ? 100 : 0
    return { status: 200, body: { ...view, status, reason, current_job: null, progress_percent } }
  },
})

export function runNotFound(): ApiError {
  return new ApiError(404, 'RUN_NOT_FOUND', 'There is no run of this id.')
}

const last = endpoint({
  method: 'GET',
  path: '/admin/batch/last-run',
  auth: 'admin',
  summary: 'The run that began last',
  responses: { 200: z.object({ run: runSchema.nullable() }) },
  async handler({ database, clock }) {
    const now = clock.now()
    await closeDeadRuns(database.db, [], now.toJSDate())
    const [row] = await selectRuns(database.db, { limit: 1 })
    return { status: 200, body: { run: row === undefined ? null : viewRun(row, now) } }
  },
})

export const runEndpoints = [start, current, cancel, byId, last]
