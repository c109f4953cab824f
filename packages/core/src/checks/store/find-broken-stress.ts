import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { CheckReport, CheckScope } from '../check-report.ts'
import { findBrokenRows, type RowRule } from './find-broken-rows.ts'

const STRESS_RULES: readonly RowRule[] = [
  {
    what: "'stress by ' || r.scenario_id",
    expected: "'either all figures or a reason'",
    actual:
      "coalesce(r.reason, 'no reason') || ', P&L ' || coalesce(r.correlated_pnl::text, 'null')",
    holds:
      '(r.reason is null) = (num_nonnulls(r.direct_pnl, r.correlated_pnl, r.correlation_effect, r.pnl_std_error) = 4) and (r.reason is null or num_nonnulls(r.direct_pnl, r.correlated_pnl) = 0)',
  },
  {
    what: "'correlation_effect of ' || r.scenario_id",
    expected: '(r.correlated_pnl - r.direct_pnl)::text',
    actual: 'r.correlation_effect::text',
    holds: 'r.correlation_effect is not distinct from r.correlated_pnl - r.direct_pnl',
  },
  {
    what: "'factor_impacts of ' || r.scenario_id",
    expected: 'r.correlated_pnl::text',
    actual: 'x.impacts::text',
    holds: 'r.correlated_pnl is null or x.impacts = r.correlated_pnl',
  },
]

/** Stress results: figures or a reason; the effect of correlation and the shares of factors add up. */
export function findBrokenStress(db: Kysely<Tables>, scope: CheckScope): Promise<CheckReport> {
  return findBrokenRows(db, scope, {
    check: 'stress_results',
    rows: sql`portfolios f join stress_test_results r on r.portfolio_id = f.id`,
    besides: sql`cross join lateral (
      select coalesce(sum(share::numeric), 0) as impacts
      from jsonb_each_text(r.factor_impacts) as impact (factor, share)
    ) x`,
    date: 'r.calculation_date',
    rules: STRESS_RULES,
  })
}
