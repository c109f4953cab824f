import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** What a process counts of its caches since it began. */
export interface CacheFigures {
  readonly hits: number
  readonly fallbacks: number
  readonly invalidations: number
}

/**
 * Keeps the figures of one process's caches for a day in `daily_metrics`, type `cache_daily`: its own row,
 * replaced by each later count, since only the process itself can count. Rate null without any access.
 *
 * @param process what tells processes apart, a new one after each start
 */
export async function saveCacheFigures(
  db: Kysely<Tables>,
  {
    day,
    process,
    figures,
  }: { readonly day: IsoDate; readonly process: string; readonly figures: CacheFigures },
): Promise<void> {
  const accesses = figures.hits + figures.fallbacks
  const hitRate = accesses === 0 ? null : figures.hits / accesses
  const value = JSON.stringify({ ...figures, hit_rate: hitRate })
  await sql`
    insert into daily_metrics (metric_date, metric_type, dimensions, value)
    values (${day}, 'cache_daily', ${JSON.stringify({ process })}::jsonb, ${value}::jsonb)
    on conflict (metric_date, metric_type, dimensions)
    do update set value = excluded.value, updated_at = now()
  `.execute(db)
}
