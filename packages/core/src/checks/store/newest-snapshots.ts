import { sql, type RawBuilder } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { CheckScope } from '../check-report.ts'
import { isInScope } from './find-breaches.ts'
import { ofHalfTheRows } from './of-half-the-rows.ts'

/**
 * The rows of a common table expression: portfolios `id`, `name` whose newest complete snapshot is of the
 * date, which is what stored marks are of, with its `cash_value`, `net_asset_value`, `positions_missing`.
 */
export function newestSnapshots(
  scope: CheckScope & { readonly date: SessionDate },
): RawBuilder<unknown> {
  return sql`
    select f.id, f.name, s.cash_value, s.net_asset_value, s.positions_missing
    from portfolios f
    cross join lateral (
      select snapshot_date, cash_value, net_asset_value, positions_missing from portfolio_snapshots
      where portfolio_id = f.id and is_complete
      order by snapshot_date desc limit 1
    ) s
    where ${isInScope(scope)} and ${ofHalfTheRows(sql`s.snapshot_date = ${scope.date}`)}
  `
}
