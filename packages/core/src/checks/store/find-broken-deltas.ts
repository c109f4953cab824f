import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { CheckReport, CheckScope } from '../check-report.ts'
import { findBrokenRows, type RowRule } from './find-broken-rows.ts'

const DELTA_RULES: readonly RowRule[] = [
  {
    what: "'portfolio_delta'",
    expected: 'x.delta',
    actual: 's.portfolio_delta',
    holds:
      's.portfolio_delta is null or abs(s.portfolio_delta - x.delta) <= 0.005 + 1e-9 * abs(x.delta)',
  },
]

/**
 * The delta of newest snapshots, whose marks are stored: market value of shares plus the delta dollars of
 * options, lots without a mark left out.
 */
export function findBrokenDeltas(db: Kysely<Tables>, scope: CheckScope): Promise<CheckReport> {
  return findBrokenRows(db, scope, {
    check: 'portfolio_delta',
    rows: sql`portfolios f
      cross join lateral (
        select snapshot_date, portfolio_delta from portfolio_snapshots
        where portfolio_id = f.id and is_complete order by snapshot_date desc limit 1
      ) s`,
    besides: sql`cross join lateral (
      select coalesce(sum(case p.investment_class when 'PUBLIC' then p.market_value::float8
                          else g.delta_dollars end), 0) as delta
      from positions p
      left join position_greeks g on g.position_id = p.id and g.calculation_date = s.snapshot_date
      where p.portfolio_id = f.id and p.deleted_at is null and p.investment_class <> 'PRIVATE'
        and p.price_status in ('current', 'stale')
    ) x`,
    date: 's.snapshot_date',
    rules: DELTA_RULES,
  })
}
