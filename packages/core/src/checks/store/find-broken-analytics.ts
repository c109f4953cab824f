import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { CheckReport, CheckScope } from '../check-report.ts'
import { findBrokenRows, type RowRule } from './find-broken-rows.ts'

/** Each lot is worth whole cents: what is added up lot by lot differs from the exact sum by half a cent each. */
const BLUR = '(s.num_positions + 1) * 0.005'

const SNAPSHOT_RULES: readonly RowRule[] = [
  {
    what: "'sector_exposure'",
    expected: "'weights that add up to ' || s.gross_exposure / s.equity_balance",
    actual: 'x.sectors::text',
    holds: `s.sector_exposure is null or abs(x.sectors * s.equity_balance - s.gross_exposure) <= ${BLUR} + abs(s.equity_balance) * 1e-9`,
  },
  {
    what: "'effective_num_positions'",
    expected: '(10000 / s.hhi)::text',
    actual: 's.effective_num_positions::text',
    holds: 's.hhi is null or abs(s.effective_num_positions * s.hhi / 10000 - 1) <= 1e-9',
  },
  {
    what: "'top_10_concentration'",
    expected: "'a share from top_3_concentration to 1'",
    actual: 's.top_10_concentration::text',
    holds:
      's.hhi is null or s.top_3_concentration > 0 and s.top_10_concentration >= s.top_3_concentration - 1e-9 and s.top_10_concentration <= 1 + 1e-9',
  },
  {
    what: "'realized_volatility_63d'",
    expected: "'both volatilities, not negative'",
    actual: "s.realized_volatility_21d || ' and ' || s.realized_volatility_63d",
    holds:
      's.realized_volatility_63d is null and s.realized_volatility_21d is null or s.realized_volatility_21d >= 0 and s.realized_volatility_63d >= 0',
  },
  {
    what: "'volatility_percentile'",
    expected: "'a share from 0 to 1'",
    actual: 's.volatility_percentile::text',
    holds: 's.volatility_percentile is null or s.volatility_percentile between 0 and 1',
  },
  {
    what: "'beta_calculated_90d'",
    expected: "'30 to 90 observations and an R² from 0 to 1'",
    actual: "s.beta_calculated_90d_observations || ' and ' || s.beta_calculated_90d_r_squared",
    holds:
      's.beta_calculated_90d is null or s.beta_calculated_90d_observations between 30 and 90 and (s.beta_calculated_90d_r_squared between -1e-9 and 1 + 1e-9) is not false',
  },
]

/** The analytics in snapshots: sector weights add up to gross ÷ equity, shares are shares. */
export function findBrokenAnalytics(db: Kysely<Tables>, scope: CheckScope): Promise<CheckReport> {
  return findBrokenRows(db, scope, {
    check: 'snapshot_analytics',
    rows: sql`portfolios f join portfolio_snapshots s on s.portfolio_id = f.id and s.is_complete`,
    besides: sql`cross join lateral (
      select coalesce(sum(weight::numeric), 0) as sectors
      from jsonb_each_text(case jsonb_typeof(s.sector_exposure) when 'object' then s.sector_exposure end)
        as sector (name, weight)
    ) x`,
    date: 's.snapshot_date',
    rules: SNAPSHOT_RULES,
  })
}
