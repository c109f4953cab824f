import { sql, type RawBuilder } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import { ofHalfTheRows } from './of-half-the-rows.ts'

/**
 * From portfolios `f` to their complete snapshots `s` of a date, one look-up by key each: the latest up to the
 * date, if it is of the date. Asked for the date itself, the planner, which takes one that was written a minute
 * ago for an empty one, looks through all of its snapshots for each portfolio.
 */
export function completeSnapshots(date: SessionDate): RawBuilder<unknown> {
  return sql`
    portfolios f
    join lateral (
      select * from portfolio_snapshots
      where portfolio_id = f.id and snapshot_date <= ${date} and is_complete
      order by snapshot_date desc
      limit 1
    ) s on ${ofHalfTheRows(sql`s.snapshot_date = ${date}`)}
  `
}
