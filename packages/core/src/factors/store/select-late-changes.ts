import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** A completed session and the symbols whose bars changed after it was completed. */
export interface LateChange {
  readonly date: SessionDate
  readonly symbols: readonly Ticker[]
}

/**
 * Sessions from `from` up to (not including) `before` that a full run had completed when a bar on or
 * before them, not older than `from`, arrived late or was restated. Symbols that were not yet known
 * on a session do not count: nothing of theirs was computed then.
 */
export async function selectLateChanges(
  db: Kysely<Tables>,
  range: { readonly from: SessionDate; readonly before: SessionDate },
): Promise<readonly LateChange[]> {
  const { rows } = await sql<LateChange>`
    select t.batch_date as date, array_agg(distinct m.symbol order by m.symbol) as symbols
    from batch_run_tracking t
    join market_data_cache m
      on m.date between ${range.from} and t.batch_date
     and coalesce(m.restated_at, m.fetched_at) > t.completed_at
    join symbol_universe u on u.symbol = m.symbol and u.first_seen_date <= t.batch_date
    where t.batch_type = 'symbol_batch'
      and t.status in ('completed', 'completed_with_warnings')
      and t.batch_date >= ${range.from} and t.batch_date < ${range.before}
    group by t.batch_date
    order by t.batch_date
  `.execute(db)
  return rows
}
