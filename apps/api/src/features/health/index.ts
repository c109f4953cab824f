import { z } from 'zod'
import { pingDatabase, readinessOf, selectPrerequisites } from '@sigmasight/core/health'
import { endpoint, media, type Context } from '../../http/endpoint.ts'
import { answersBody, answersSchema, cacheBody, cacheSchema } from './schemas.ts'

const alive = { status: 200, body: { status: 'ok' } } as const
const aliveSchema = z.strictObject({ status: z.literal('ok') })

const health = endpoint({
  method: 'GET',
  path: '/health',
  isRoot: true,
  auth: 'none',
  summary: 'Whether the process answers',
  responses: { 200: aliveSchema },
  handler: () => alive,
})

const live = endpoint({
  method: 'GET',
  path: '/health/live',
  isRoot: true,
  auth: 'none',
  summary: 'Whether the process answers, for a supervisor that would restart it',
  responses: { 200: aliveSchema },
  handler: () => alive,
})

const loading = {
  elapsed_seconds: z.number(),
  symbols_loaded: z.int(),
}

const ready = endpoint({
  method: 'GET',
  path: '/health/ready',
  isRoot: true,
  auth: 'none',
  summary: 'Whether requests should be sent here',
  responses: {
    200: z.strictObject({
      status: z.literal('ready'),
      mode: z.enum(['cache', 'db_fallback']),
      ...loading,
    }),
    503: z.strictObject({ status: z.enum(['initializing', 'unavailable']), ...loading }),
  },
  async handler(context) {
    const { symbols_loaded, elapsed_seconds, readiness } = await lookAround(context)
    const body = { ...readiness, elapsed_seconds, symbols_loaded }
    return body.status === 'ready' ? { status: 200, body } : { status: 503, body }
  },
})

const status = endpoint({
  method: 'GET',
  path: '/health/status',
  isRoot: true,
  auth: 'none',
  summary: 'How the server is',
  responses: {
    200: z.strictObject({
      status: z.enum(['ready', 'initializing', 'unavailable']),
      mode: z.enum(['cache', 'db_fallback']),
      batch_mode: z.enum(['v2', 'legacy']),
      maintenance: z.boolean(),
      uptime_seconds: z.number(),
      database: z.strictObject({
        reachable: z.boolean(),
        latency_ms: z.number().nullable(),
        connections: z.int(),
        idle: z.int(),
        waiting: z.int(),
      }),
      cache: cacheSchema,
      answers: answersSchema,
    }),
  },
  async handler(context) {
    const { config, database, services } = context
    const { readiness, elapsed_seconds, latency } = await lookAround(context)
    const { pool } = database
    const cache = services.caches.symbols.status()
    const body = {
      status: readiness.status,
      mode: cache.isLoaded ? ('cache' as const) : ('db_fallback' as const),
      batch_mode: config.batchV2Enabled ? ('v2' as const) : ('legacy' as const),
      maintenance: config.maintenanceMode,
      uptime_seconds: elapsed_seconds,
      database: {
        reachable: latency !== null,
        latency_ms: latency,
        connections: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
      },
      cache: cacheBody(cache),
      answers: answersBody(services.caches.answers.counts()),
    }
    return { status: 200, body }
  },
})

const prerequisitesSchema = z.strictObject({
  status: z.enum(['met', 'lacking']),
  prerequisites: z.array(
    z.strictObject({
      name: z.enum(['factor_definitions', 'stress_scenarios', 'schema']),
      is_met: z.boolean(),
      required: z.string(),
      found: z.string(),
    }),
  ),
})

const prerequisites = endpoint({
  method: 'GET',
  path: '/health/prerequisites',
  isRoot: true,
  auth: 'none',
  summary: 'Whether what calculations need is there',
  responses: { 200: prerequisitesSchema, 503: prerequisitesSchema },
  async handler({ database }) {
    const all = [...(await selectPrerequisites(database.db))]
    const isMet = all.every(({ is_met }) => is_met)
    const body = { status: isMet ? ('met' as const) : ('lacking' as const), prerequisites: all }
    return isMet ? { status: 200, body } : { status: 503, body }
  },
})

const metrics = endpoint({
  method: 'GET',
  path: '/metrics',
  isRoot: true,
  auth: 'none',
  summary: 'Figures for Prometheus',
  responses: { 200: media('text/plain', 'Prometheus text format') },
  async handler({ services }) {
    const { contentType } = services.metrics
    return { status: 200, contentType, content: await services.metrics.exposition() }
  },
})

const cacheStatus = endpoint({
  method: 'GET',
  path: '/admin/cache/status',
  auth: 'admin',
  summary: 'What is kept in memory, and how well it serves',
  responses: { 200: z.strictObject({ symbols: cacheSchema, answers: answersSchema }) },
  handler: ({ services: { caches } }) => ({
    status: 200,
    body: {
      symbols: cacheBody(caches.symbols.status()),
      answers: answersBody(caches.answers.counts()),
    },
  }),
})

export const healthEndpoints = [health, live, ready, status, prerequisites, metrics, cacheStatus]

async function lookAround({ database, services }: Pick<Context, 'database' | 'services'>) {
  const { symbols, startedAt } = services.caches
  const latency = await pingDatabase(database.db)
  const elapsedMs = performance.now() - startedAt
  const cache = symbols.status()
  const readiness = readinessOf({
    isDatabaseReachable: latency !== null,
    isCacheLoaded: cache.isLoaded,
    elapsedMs,
  })
  return {
    readiness,
    latency: latency === null ? null : Math.round(latency * 10) / 10,
    elapsed_seconds: Math.round(elapsedMs / 100) / 10,
    symbols_loaded: cache.symbols,
  }
}
