import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** How far the symbol layer is; null where it has nothing yet. */
export interface NewestDates {
  /** Of any bar. */
  readonly prices: SessionDate | null
  /** Of the newest session whose symbol batch is done, or without one the newest with any fit. */
  readonly factors: SessionDate | null
}

export async function selectNewestDates(db: Kysely<Tables>): Promise<NewestDates> {
  const { rows } = await sql<NewestDates>`
    select
      (select max(date) from market_data_cache) as prices,
      coalesce(
        (select max(batch_date) from batch_run_tracking
         where batch_type = 'symbol_batch' and status in ('completed', 'completed_with_warnings')),
        (select max(calculation_date) from symbol_factor_exposures)
      ) as factors
  `.execute(db)
  return rows[0] ?? { prices: null, factors: null }
}
