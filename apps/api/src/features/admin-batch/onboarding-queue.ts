import { z } from 'zod'
import { endpoint } from '../../http/endpoint.ts'

const count = z.int().nonnegative()

const queue = endpoint({
  method: 'GET',
  path: '/admin/onboarding/queue',
  auth: 'admin',
  summary: 'Symbols on their way in, and those that could not be brought in',
  description: 'Of the process that answers; every process finds the same symbols by itself.',
  responses: {
    200: z.object({
      counts: z.object({ pending: count, processing: count, failed: count }),
      max_queue: count,
      concurrency: count,
      symbols: z.array(
        z.object({
          symbol: z.string(),
          state: z.enum(['pending', 'processing', 'failed']),
          queued_at: z.string(),
          queued_seconds: z.number(),
          attempts: count,
          reason: z.string().nullable(),
          estimated_seconds: z
            .int()
            .nullable()
            .meta({ description: 'Until it is done; null when it failed.' }),
        }),
      ),
    }),
  },
  handler({ services, config, clock }) {
    const { queue: jobs } = services.onboarding
    const now = clock.now().toMillis()
    const listed = jobs.list()
    const counted = (wanted: string) => listed.filter(({ state }) => state === wanted).length
    const symbols = listed.map(({ symbol, state, queuedAt, attempts, reason }) => ({
      ...{ symbol, state, attempts, reason },
      queued_at: queuedAt.toISOString(),
      queued_seconds: Math.max(0, Math.round((now - queuedAt.getTime()) / 1000)),
      estimated_seconds: state === 'failed' ? null : jobs.estimatedSeconds(symbol),
    }))
    const body = {
      counts: {
        pending: counted('pending'),
        processing: counted('processing'),
        failed: counted('failed'),
      },
      max_queue: config.symbolOnboardingMaxQueue,
      concurrency: config.symbolOnboardingConcurrency,
      symbols,
    }
    return { status: 200, body }
  },
})

export const onboardingQueueEndpoints = [queue]
