import { z } from 'zod'
import { closeDeadRuns } from '@sigmasight/core/batch'
import {
  addDays,
  dateInNewYork,
  effectiveDate,
  staleness,
  type IsoDate,
} from '@sigmasight/core/calendar'
import { selectDailyFigures, selectDurableMetrics } from '@sigmasight/core/metrics'
import { selectLatestOfTypes, selectNewestDates, viewRun } from '@sigmasight/core/run-ledger'
import { endpoint, type Context } from '../../http/endpoint.ts'
import { queryInteger } from '../../http/schemas.ts'
import { alertSchema, alertsNow } from './alerts-now.ts'
import { runSchema } from './schemas.ts'

const ageSchema = z.object({
  date: z.string().nullable(),
  sessions_behind: z.int().nullable(),
  level: z.string().meta({ description: 'current, stale_<n>d, or missing.' }),
  severity: z.enum(['ok', 'warning', 'critical']),
})

/** How old data of a date is now; without any it is missing. */
function ageOf(date: IsoDate | null, { clock, config }: Pick<Context, 'clock' | 'config'>) {
  if (date === null) {
    return { date, sessions_behind: null, level: 'missing', severity: 'critical' as const }
  }
  const settleMinutes = config.marketSettleMinutes
  const { sessions, ...age } = staleness({ dataDate: date, now: clock.now(), settleMinutes })
  return { date, sessions_behind: sessions, ...age }
}

const status = endpoint({
  method: 'GET',
  path: '/admin/batch/status',
  auth: 'admin',
  summary: 'The latest runs of the night and how old the prices are',
  responses: {
    200: z.object({
      mode: z.enum(['v2', 'legacy']),
      effective_date: z.string(),
      symbol_batch: runSchema.nullable(),
      portfolio_refresh: runSchema.nullable(),
      legacy_batch: runSchema.nullable(),
      newest_price_date: z.string().nullable(),
      staleness: ageSchema,
    }),
  },
  async handler(context) {
    const { clock, config, database } = context
    const now = clock.now()
    await closeDeadRuns(database.db, [], now.toJSDate())
    const types = ['symbol_batch', 'portfolio_refresh', 'legacy_batch']
    const rows = await selectLatestOfTypes(database.db, types)
    const latest = (type: string) => {
      const row = rows.find(({ job_type }) => job_type === type)
      return row === undefined ? null : viewRun(row, now)
    }
    const { prices } = await selectNewestDates(database.db)
    const body = {
      mode: config.batchV2Enabled ? ('v2' as const) : ('legacy' as const),
      effective_date: effectiveDate(now, config.marketSettleMinutes),
      symbol_batch: latest('symbol_batch'),
      portfolio_refresh: latest('portfolio_refresh'),
      legacy_batch: latest('legacy_batch'),
      newest_price_date: prices,
      staleness: ageOf(prices, context),
    }
    return { status: 200, body }
  },
})

const freshness = endpoint({
  method: 'GET',
  path: '/admin/data/freshness',
  auth: 'admin',
  summary: 'How old each kind of data is',
  responses: {
    200: z.object({
      effective_date: z.string(),
      prices: ageSchema,
      factors: ageSchema,
      symbol_metrics: ageSchema,
      snapshots: ageSchema,
      exposures: ageSchema,
      correlations: ageSchema,
      stress_tests: ageSchema,
      profiles_updated_at: z.string().nullable(),
    }),
  },
  async handler(context) {
    const { clock, config, database } = context
    const newest = await selectNewestDates(database.db)
    const body = {
      effective_date: effectiveDate(clock.now(), config.marketSettleMinutes),
      prices: ageOf(newest.prices, context),
      factors: ageOf(newest.factors, context),
      symbol_metrics: ageOf(newest.symbol_metrics, context),
      snapshots: ageOf(newest.snapshots, context),
      exposures: ageOf(newest.exposures, context),
      correlations: ageOf(newest.correlations, context),
      stress_tests: ageOf(newest.stress_tests, context),
      profiles_updated_at: newest.profiles_updated_at?.toISOString() ?? null,
    }
    return { status: 200, body }
  },
})

const metricsSummary = endpoint({
  method: 'GET',
  path: '/admin/system/metrics-summary',
  auth: 'admin',
  summary: 'The figures of the newest runs, and of each day, and what is wrong now',
  query: z.strictObject({ days: queryInteger(1, 365).optional() }),
  responses: {
    200: z.object({
      alerts: z.array(alertSchema),
      metrics: z.array(
        z.object({ name: z.string(), value: z.number(), tags: z.record(z.string(), z.string()) }),
      ),
      days: z.array(
        z.object({
          metric_date: z.string(),
          metric_type: z.string(),
          dimensions: z.record(z.string(), z.string()),
          value: z.record(z.string(), z.number().nullable()),
        }),
      ),
    }),
  },
  async handler({ query, clock, config, database }) {
    const { days = 7 } = query
    const now = clock.now()
    const settleMinutes = config.marketSettleMinutes
    const metrics = await selectDurableMetrics(database.db, { now, settleMinutes })
    const figures = await selectDailyFigures(database.db, addDays(dateInNewYork(now), -days))
    const body = {
      alerts: await alertsNow({ clock, config, database }),
      metrics: metrics.map(({ name, value, tags }) => ({ name, value, tags: { ...tags } })),
      days: figures.map((figure) => ({
        ...figure,
        dimensions: { ...figure.dimensions },
        value: { ...figure.value },
      })),
    }
    return { status: 200, body }
  },
})

export const dataEndpoints = [status, freshness, metricsSummary]
