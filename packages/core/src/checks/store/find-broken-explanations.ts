import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { CheckReport, CheckScope } from '../check-report.ts'
import { findBrokenRows, type RowRule } from './find-broken-rows.ts'

const EXPLANATION_RULES: readonly RowRule[] = [
  {
    what: "'lines of the explanation'",
    expected: "'lines that add up to ' || (m.value ->> 'daily_pnl')",
    actual: 'x.lines::text',
    holds: "x.lines = (m.value ->> 'daily_pnl')::numeric",
  },
  {
    what: "'P&L that is explained'",
    expected: 's.daily_pnl::text',
    actual: "m.value ->> 'daily_pnl'",
    holds: "(m.value ->> 'daily_pnl')::numeric = s.daily_pnl",
  },
]

/** P&L explanations: lines add up to the P&L of the snapshot, to the cent. */
export function findBrokenExplanations(
  db: Kysely<Tables>,
  scope: CheckScope,
): Promise<CheckReport> {
  return findBrokenRows(db, scope, {
    check: 'pnl_explanations',
    rows: sql`portfolios f
      join portfolio_snapshots s on s.portfolio_id = f.id and s.is_complete
      join daily_metrics m on m.metric_date = s.snapshot_date and m.metric_type = 'pnl_explain'
        and m.dimensions = jsonb_build_object('portfolio_id', f.id)`,
    besides: sql`cross join lateral (
      select coalesce((
               select sum(share::numeric) from jsonb_each_text(m.value -> 'factors') as l (factor, share)
             ), 0)
             + (m.value ->> 'dividends')::numeric + (m.value ->> 'ex_dividend_fall')::numeric
             + (m.value ->> 'trades')::numeric + (m.value ->> 'private_revaluations')::numeric
             + (m.value ->> 'option_time_value')::numeric + (m.value ->> 'rest')::numeric as lines
    ) x`,
    date: 's.snapshot_date',
    rules: EXPLANATION_RULES,
  })
}
