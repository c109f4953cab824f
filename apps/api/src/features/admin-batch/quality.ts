import { z } from 'zod'
import { effectiveDate } from '@sigmasight/core/calendar'
import { FULL_LAUNCH, type LaunchRequest } from '@sigmasight/core/run-launch'
import { loadQuality, type Quality } from '@sigmasight/core/run-ledger'
import { endpoint, type Context } from '../../http/endpoint.ts'
import { queryInteger } from '../../http/schemas.ts'
import { startedSchema } from './schemas.ts'
import { startRun } from './start-run.ts'

const symbolSchema = z.object({
  symbol: z.string(),
  asset_type: z.string().nullable(),
  is_active: z.boolean(),
  newest_price: z.string().nullable(),
  prices: z.int().meta({ description: 'Closes of the last 252 sessions.' }),
  factors: z.int().meta({ description: 'Of the effective date.' }),
  has_profile: z.boolean(),
  consecutive_failures: z.int(),
  last_error: z.string().nullable(),
  coverage_pct: z.number(),
  lacks: z.array(z.enum(['price', 'factors'])),
})

const portfolioSchema = z.object({
  portfolio_id: z.uuid(),
  name: z.string(),
  newest_snapshot: z.string().nullable(),
  equity_as_of: z.string().nullable(),
  positions: z.int(),
  stale: z.int(),
  missing: z.int(),
  coverage_pct: z.number().nullable(),
  lacks: z.array(z.enum(['snapshot', 'marks'])),
})

const countsSchema = z.object({ total: z.int(), lacking: z.int() })

const show = endpoint({
  method: 'GET',
  path: '/admin/batch/data-quality',
  auth: 'admin',
  summary: 'What each symbol and portfolio has and lacks',
  description: 'Those that lack something come first; `limit` cuts each of the two lists.',
  query: z.strictObject({ limit: queryInteger(1, 20_000).optional() }),
  responses: {
    200: z.object({
      effective_date: z.string(),
      counts: z.object({ symbols: countsSchema, portfolios: countsSchema }),
      symbols: z.array(symbolSchema),
      portfolios: z.array(portfolioSchema),
    }),
  },
  async handler({ query, ...context }) {
    const { limit = 1000 } = query
    const quality = await qualityNow(context)
    const { symbols, portfolios } = quality
    const body = {
      effective_date: quality.effective,
      counts: { symbols: countsOf(symbols), portfolios: countsOf(portfolios) },
      symbols: lackingFirst(symbols)
        .slice(0, limit)
        .map((item) => ({ ...item, lacks: [...item.lacks] })),
      portfolios: lackingFirst(portfolios)
        .slice(0, limit)
        .map((item) => ({ ...item, lacks: [...item.lacks] })),
    }
    return { status: 200, body }
  },
})

/** More symbols than this are not named one by one: the full run does only what is lacking as well. */
const NAMED_SYMBOLS = 1_000

const refresh = endpoint({
  method: 'POST',
  path: '/admin/batch/data-quality/refresh',
  auth: 'admin',
  summary: 'Fetch and compute what is lacking, and nothing else',
  responses: {
    200: z.object({ status: z.literal('nothing_lacking') }),
    202: startedSchema.extend({ symbols: z.int(), portfolios: z.int() }),
  },
  problems: { 409: 'Such a run is going on: BATCH_RUNNING, with its batch_run_id.' },
  async handler({ user, ...context }) {
    const quality = await qualityNow(context)
    const symbols = quality.symbols.filter(({ lacks }) => lacks.length > 0)
    const portfolios = quality.portfolios.filter(({ lacks }) => lacks.length > 0)
    if (symbols.length + portfolios.length === 0) {
      return { status: 200, body: { status: 'nothing_lacking' } }
    }
    const names = symbols.map(({ symbol }) => symbol)
    // The combined batch does portfolios in a full run only.
    const isSplit = context.config.batchV2Enabled || portfolios.length === 0
    const isNamed = isSplit && names.length > 0 && names.length <= NAMED_SYMBOLS
    const request = {
      ...FULL_LAUNCH,
      job: jobFor(symbols.length, portfolios.length),
      scope: isNamed ? { kind: 'symbols' as const, symbols: names } : FULL_LAUNCH.scope,
      source: 'admin' as const,
      triggeredBy: user.id,
    }
    const started = await startRun(context, request, { force: false })
    const counts = { symbols: symbols.length, portfolios: portfolios.length }
    return { status: 202, body: { ...started.body, ...counts } }
  },
})

/** New prices may be what portfolios lack, so that these come after the symbols. */
function jobFor(symbols: number, portfolios: number): LaunchRequest['job'] {
  if (portfolios === 0) return 'symbol_batch'
  return symbols === 0 ? 'portfolio_refresh' : 'all'
}

function qualityNow({
  clock,
  config,
  database,
}: Pick<Context, 'clock' | 'config' | 'database'>): Promise<Quality> {
  return loadQuality(database.db, effectiveDate(clock.now(), config.marketSettleMinutes))
}

interface Lacking {
  readonly lacks: readonly string[]
}

function countsOf(items: readonly Lacking[]) {
  return { total: items.length, lacking: items.filter(({ lacks }) => lacks.length > 0).length }
}

function lackingFirst<Item extends Lacking>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => Number(b.lacks.length > 0) - Number(a.lacks.length > 0))
}

export const qualityEndpoints = [show, refresh]
