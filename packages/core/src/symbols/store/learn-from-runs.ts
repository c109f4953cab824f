import { sql, type Kysely } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../ticker.ts'

export interface LearnQuery {
  /** The session up to which run history counts. */
  readonly date: SessionDate
  /** Failures and bars before this date are too old to matter. */
  readonly since: IsoDate
  /** Failed sessions in a row after which a symbol becomes inactive. */
  readonly failureLimit: number
  /** Symbols that never become inactive. */
  readonly proxies: readonly Ticker[]
}

export interface LearntSymbol {
  readonly symbol: Ticker
  readonly is_active: boolean
  readonly was_active: boolean
  readonly consecutive_failures: number
}

/**
 * Brings the universe's bookkeeping in line with what runs recorded: a symbol's consecutive failures
 * are the distinct sessions later than its last bar on which `prices` recorded it as failed. From
 * the limit on it is inactive, below it active; its last error and the provider that gave its last
 * bar are kept. All of it is derived, so that repeating it changes nothing.
 *
 * @returns the symbols whose row changed
 */
export async function learnFromRuns(
  db: Kysely<Tables>,
  query: LearnQuery,
): Promise<readonly LearntSymbol[]> {
  const { rows } = await sql<LearntSymbol>`
    with last_bar as (
      select u.symbol, newest.date, newest.data_source
      from symbol_universe u
      cross join lateral (
        select date, data_source from market_data_cache
        where symbol = u.symbol and date between ${query.since} and ${query.date} and close is not null
        order by date desc limit 1
      ) newest
    ),
    failed as (
      select j.item_id as symbol,
             count(distinct j.job_metadata ->> 'session')::int as sessions,
             (array_agg(j.error_message order by j.job_metadata ->> 'session' desc, j.created_at desc))[1] as last_error
      from batch_jobs j
      left join last_bar b on b.symbol = j.item_id
      where j.job_name = 'prices' and j.status = 'failed'
        and (j.job_metadata ->> 'session')::date between ${query.since} and ${query.date}
        and (b.date is null or (j.job_metadata ->> 'session')::date > b.date)
      group by j.item_id
    ),
    learnt as (
      select u.symbol, u.is_active as was_active,
             coalesce(f.sessions, 0) as consecutive_failures,
             u.symbol = any(${query.proxies}::text[]) or coalesce(f.sessions, 0) < ${query.failureLimit} as is_active,
             f.last_error,
             coalesce(b.data_source, u.preferred_provider) as preferred_provider
      from symbol_universe u
      left join failed f on f.symbol = u.symbol
      left join last_bar b on b.symbol = u.symbol
      where f.symbol is not null or b.symbol is not null
    )
    update symbol_universe u
    set is_active = l.is_active,
        consecutive_failures = l.consecutive_failures,
        last_error = l.last_error,
        preferred_provider = l.preferred_provider,
        updated_at = now()
    from learnt l
    where u.symbol = l.symbol
      and (u.is_active, u.consecutive_failures, u.last_error, u.preferred_provider)
          is distinct from (l.is_active, l.consecutive_failures, l.last_error, l.preferred_provider)
    returning u.symbol, u.is_active, l.was_active, u.consecutive_failures
  `.execute(db)
  return rows
}
