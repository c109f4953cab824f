import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** How far the symbol layer is. */
export interface NewestDates {
  /** Of any bar; null when there is none. */
  readonly prices: SessionDate | null
  /**
   * The last two sessions whose symbol batch is done, newest first, or without one the newest with any fit:
   * until the portfolios are refreshed, their figures are of the session before.
   */
  readonly factors: readonly SessionDate[]
}

export async function selectNewestDates(db: Kysely<Tables>): Promise<NewestDates> {
  const { rows } = await sql<{
    prices: SessionDate | null
    done: SessionDate[]
    any: SessionDate | null
  }>`
    select
      (select max(date) from market_data_cache) as prices,
      array(
        select batch_date from batch_run_tracking
        where batch_type = 'symbol_batch' and status in ('completed', 'completed_with_warnings')
        order by batch_date desc limit 2
      ) as done,
      (select max(calculation_date) from symbol_factor_exposures) as any
  `.execute(db)
  const [{ prices, done, any } = { prices: null, done: [], any: null }] = rows
  return { prices, factors: done.length > 0 ? done : any === null ? [] : [any] }
}
