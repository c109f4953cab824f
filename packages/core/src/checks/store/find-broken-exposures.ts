import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { CheckReport, CheckScope } from '../check-report.ts'
import { findBrokenRows, type RowRule } from './find-broken-rows.ts'

const EXPOSURE_RULES: readonly RowRule[] = [
  {
    what: "'exposure to ' || d.name",
    expected: '(e.exposure_dollar / nullif(s.equity_balance, 0))::text',
    actual: "coalesce(e.exposure_value::text, 'null')",
    holds:
      '(e.exposure_value is null) = (s.equity_balance <= 0) and (abs(e.exposure_value * s.equity_balance::float8 - e.exposure_dollar::float8) <= 0.006 + 1e-9 * abs(e.exposure_dollar::float8)) is not false',
  },
  {
    what: "'coverage of ' || d.name",
    expected: "'from 0 to 100'",
    actual: 'e.coverage_pct::text',
    holds: '(e.coverage_pct between 0 and 100 + 1e-9) is not false',
  },
]

/** Factor exposures: value × equity is dollars, coverage is a share. */
export function findBrokenExposures(db: Kysely<Tables>, scope: CheckScope): Promise<CheckReport> {
  return findBrokenRows(db, scope, {
    check: 'exposure_values',
    rows: sql`portfolios f
      join factor_exposures e on e.portfolio_id = f.id
      join factor_definitions d on d.id = e.factor_id
      join portfolio_snapshots s on s.portfolio_id = f.id
        and s.snapshot_date = e.calculation_date and s.is_complete`,
    date: 'e.calculation_date',
    rules: EXPOSURE_RULES,
  })
}
