import { z } from 'zod'
import { closeDeadRuns } from '@sigmasight/core/batch'
import {
  runLog,
  selectFailuresOfRun,
  selectHistorySummary,
  selectOnboardingSummary,
  selectRun,
  selectRunRecord,
  selectRuns,
  viewRun,
  type RunCounts,
} from '@sigmasight/core/run-ledger'
import { endpoint, type Context } from '../../http/endpoint.ts'
import { queryInteger } from '../../http/schemas.ts'
import { runNotFound } from './runs.ts'
import { batchType, runParams, runSchema, runStatus } from './schemas.ts'

/** More failed items than anybody reads. */
const LOGGED_FAILURES = 1_000

const days = queryInteger(1, 3650).optional()

const list = endpoint({
  method: 'GET',
  path: '/admin/batch/history',
  auth: 'admin',
  summary: 'Past and present runs, newest first',
  query: z.strictObject({
    days,
    limit: queryInteger(1, 1000).optional(),
    batch_type: batchType.optional(),
    status: runStatus.optional(),
  }),
  responses: { 200: z.object({ days: z.int(), runs: z.array(runSchema) }) },
  async handler({ query, ...context }) {
    const { days: lastDays = 7, limit = 50, batch_type: jobType, status } = query
    const { database, clock } = context
    await closeDead(context)
    const rows = await selectRuns(database.db, {
      since: daysAgo(context, lastDays),
      limit,
      ...(jobType === undefined ? {} : { jobType }),
      ...(status === undefined ? {} : { status }),
    })
    const now = clock.now()
    return { status: 200, body: { days: lastDays, runs: rows.map((row) => viewRun(row, now)) } }
  },
})

const number = z.number().nullable()
const countsSchema = z.object({
  runs: z.int(),
  running: z.int(),
  completed: z.int(),
  completed_with_warnings: z.int(),
  failed: z.int(),
  aborted: z.int(),
  cancelled: z.int(),
  success_rate: number.meta({ description: 'Of the ended runs, those that completed, 0 to 1.' }),
  average_duration_seconds: number,
  longest_duration_seconds: number,
  failed_jobs: z.int(),
  last_started_at: z.string(),
  last_success_at: z.string().nullable(),
})
const summarySchema = countsSchema.extend({ job_type: z.string() })

const summary = endpoint({
  method: 'GET',
  path: '/admin/batch/history/summary',
  auth: 'admin',
  summary: 'Runs counted by type',
  query: z.strictObject({ days }),
  responses: {
    200: z.object({
      days: z.int(),
      types: z.array(summarySchema),
      onboarding: countsSchema.nullable().meta({
        description: 'The runs that entered portfolios, of either mode; null without any.',
      }),
    }),
  },
  async handler({ query, ...context }) {
    const { days: lastDays = 30 } = query
    await closeDead(context)
    const { db } = context.database
    const since = daysAgo(context, lastDays)
    const types = await selectHistorySummary(db, since)
    const entered = await selectOnboardingSummary(db, since)
    return {
      status: 200,
      body: {
        days: lastDays,
        types: types.map(({ job_type, ...counts }) => ({ job_type, ...viewCounts(counts) })),
        onboarding: entered === null ? null : viewCounts(entered),
      },
    }
  },
})

function viewCounts({ last_started_at, last_success_at, ...counts }: RunCounts) {
  return {
    ...counts,
    last_started_at: last_started_at.toISOString(),
    last_success_at: last_success_at?.toISOString() ?? null,
  }
}

const one = endpoint({
  method: 'GET',
  path: '/admin/batch/history/:batchRunId',
  auth: 'admin',
  summary: 'A run with its result object',
  params: runParams,
  responses: {
    200: z.object({
      run: runSchema,
      summary: z.record(z.string(), z.unknown()).nullable().meta({
        description:
          'What --summary-json prints; null until the run has ended, or when its process died.',
      }),
    }),
  },
  problems: { 404: 'There is no such run: RUN_NOT_FOUND.' },
  async handler({ params, ...context }) {
    const { database, clock } = context
    await closeDead(context)
    const row = await selectRun(database.db, params.batchRunId)
    const record = await selectRunRecord(database.db, params.batchRunId)
    if (row === null || record === null) throw runNotFound()
    const result = record.result === null ? null : { ...record.result }
    return { status: 200, body: { run: viewRun(row, clock.now()), summary: result } }
  },
})

const entrySchema = z.object({
  at: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  event: z.string(),
  text: z.string(),
})

const logs = endpoint({
  method: 'GET',
  path: '/admin/batch/history/:batchRunId/logs',
  auth: 'admin',
  summary: 'What a run did, in the order of time',
  params: runParams,
  responses: { 200: z.object({ batch_run_id: z.uuid(), entries: z.array(entrySchema) }) },
  problems: { 404: 'There is no such run: RUN_NOT_FOUND.' },
  async handler({ params, ...context }) {
    const { db } = context.database
    await closeDead(context)
    const { batchRunId } = params
    const row = await selectRun(db, batchRunId)
    const record = await selectRunRecord(db, batchRunId)
    if (row === null || record === null) throw runNotFound()
    const failures = await selectFailuresOfRun(db, batchRunId, LOGGED_FAILURES)
    const entries = [...runLog(row, record, failures)]
    return { status: 200, body: { batch_run_id: batchRunId, entries } }
  },
})

function daysAgo({ clock }: Pick<Context, 'clock'>, count: number): Date {
  return clock.now().minus({ days: count }).toJSDate()
}

async function closeDead({ clock, database }: Pick<Context, 'clock' | 'database'>): Promise<void> {
  await closeDeadRuns(database.db, [], clock.now().toJSDate())
}

export const historyEndpoints = [list, summary, one, logs]
