import { z } from 'zod'
import type { CacheStatus } from '@sigmasight/core/symbol-cache'
import type { CacheCounts } from '@sigmasight/core/analytics-reads'

export const cacheSchema = z.strictObject({
  loaded: z.boolean(),
  refreshing: z.boolean(),
  listening: z.boolean().meta({ description: 'Hears of finished runs at once.' }),
  symbols: z.int(),
  sessions: z.int(),
  prices_date: z.string().nullable(),
  factors_date: z.string().nullable(),
  loaded_at: z.iso.datetime().nullable(),
  load_ms: z.int().nullable(),
  hits: z.int(),
  fallbacks: z.int().meta({ description: 'Symbols for which the database was asked.' }),
  hit_rate: z.number().nullable().meta({ description: '0 to 1; null before anything was asked.' }),
  refreshes: z.int(),
  failures: z.int(),
  notifications: z.int(),
})

export const answersSchema = z.strictObject({
  answers: z.int(),
  hits: z.int(),
  misses: z.int(),
  hit_rate: z.number().nullable(),
  outdated: z.int().meta({ description: 'Made anew because data or portfolio had changed.' }),
})

export function cacheBody(status: CacheStatus): z.infer<typeof cacheSchema> {
  return {
    loaded: status.isLoaded,
    refreshing: status.isRefreshing,
    listening: status.isListening,
    symbols: status.symbols,
    sessions: status.sessions,
    prices_date: status.pricesDate,
    factors_date: status.factorsDate,
    loaded_at: status.loadedAt?.toISOString() ?? null,
    load_ms: status.loadMs,
    hits: status.hits,
    fallbacks: status.fallbacks,
    hit_rate: rateOf(status.hits, status.fallbacks),
    refreshes: status.refreshes,
    failures: status.failures,
    notifications: status.notifications,
  }
}

export function answersBody({
  size: answers,
  ...counts
}: CacheCounts): z.infer<typeof answersSchema> {
  return { answers, ...counts, hit_rate: rateOf(counts.hits, counts.misses) }
}

function rateOf(hits: number, misses: number): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses)
}
