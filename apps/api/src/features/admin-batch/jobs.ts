import { z } from 'zod'
import { addDays, dateInNewYork } from '@sigmasight/core/calendar'
import {
  judgeSession,
  selectFailures,
  selectJobCounts,
  selectSessionAnalytics,
} from '@sigmasight/core/run-ledger'
import { endpoint } from '../../http/endpoint.ts'
import { isoDate, queryInteger } from '../../http/schemas.ts'
import { batchType } from './schemas.ts'

const jobSchema = z.object({
  job_type: z.string(),
  job_name: z.string(),
  status: z.string(),
  items: z.int(),
  transient: z.int(),
  permanent: z.int(),
  data: z.int(),
  most_attempts: z.int(),
  last_at: z.string(),
})

const status = endpoint({
  method: 'GET',
  path: '/admin/batch/jobs/status',
  auth: 'admin',
  summary: 'Recorded items of the last days, by phase and ending',
  query: z.strictObject({ days: queryInteger(1, 365).optional() }),
  responses: { 200: z.object({ days: z.int(), jobs: z.array(jobSchema) }) },
  async handler({ query, clock, database }) {
    const { days = 1 } = query
    const counts = await selectJobCounts(database.db, clock.now().minus({ days }).toJSDate())
    const jobs = counts.map(({ last_at, ...job }) => ({ ...job, last_at: last_at.toISOString() }))
    return { status: 200, body: { days, jobs } }
  },
})

const analyticSchema = z.object({ have: z.int(), explained: z.int() })
const sessionSchema = z.object({
  session: z.string(),
  snapshots: z.int(),
  failed_items: z.int(),
  exposures: analyticSchema,
  volatility: analyticSchema,
  beta: analyticSchema,
  concentration: analyticSchema,
  correlations: analyticSchema,
  stress_tests: analyticSchema,
  short_of: z.array(z.string()),
  is_highlighted: z.boolean(),
})

const summary = endpoint({
  method: 'GET',
  path: '/admin/batch/jobs/summary',
  auth: 'admin',
  summary: 'Sessions with their failed items and analytics',
  description:
    'Every complete snapshot is due for each analytic or for a recorded reason why not; a session with fewer is highlighted.',
  query: z.strictObject({ days: queryInteger(1, 31).optional() }),
  responses: { 200: z.object({ days: z.int(), sessions: z.array(sessionSchema) }) },
  async handler({ query, clock, database }) {
    const { days = 7 } = query
    const from = addDays(dateInNewYork(clock.now()), -days)
    const sessions = (await selectSessionAnalytics(database.db, from)).map(judgeSession)
    const body = sessions.map((session) => ({ ...session, short_of: [...session.short_of] }))
    return { status: 200, body: { days, sessions: body } }
  },
})

const failureSchema = z.object({
  batch_run_id: z.uuid(),
  job_type: z.string(),
  job_name: z.string(),
  item_id: z.string().nullable(),
  portfolio_id: z.uuid().nullable(),
  session: z.string().nullable(),
  reason: z.string().nullable(),
  error_category: z.enum(['transient', 'permanent', 'data']).nullable(),
  error_message: z.string().nullable(),
  attempts: z.int(),
  failed_at: z.string(),
})

const DEFAULT_DAYS = 7

const failures = endpoint({
  method: 'GET',
  path: '/admin/batch/failures',
  auth: 'admin',
  summary: 'Symbols and portfolios that could not be done, newest first',
  query: z.strictObject({
    batch_type: batchType.optional(),
    since: isoDate.optional(),
    limit: queryInteger(1, 1000).optional(),
  }),
  responses: { 200: z.object({ since: z.string(), failures: z.array(failureSchema) }) },
  async handler({ query, clock, database }) {
    const { batch_type: jobType, since, limit = 100 } = query
    const from =
      since === undefined
        ? clock.now().minus({ days: DEFAULT_DAYS }).toJSDate()
        : new Date(`${since}T00:00:00Z`)
    const filter = { since: from, limit, ...(jobType === undefined ? {} : { jobType }) }
    const items = (await selectFailures(database.db, filter)).map(({ failed_at, ...item }) => ({
      ...item,
      failed_at: failed_at.toISOString(),
    }))
    return { status: 200, body: { since: from.toISOString(), failures: items } }
  },
})

export const jobEndpoints = [status, summary, failures]
