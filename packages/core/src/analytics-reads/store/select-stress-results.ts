import { sql, type Kysely } from 'kysely'
import type { AnalyticReason } from '../../analytics/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** What a scenario does to a portfolio, with what the scenario is. Money in dollars. */
export interface StressRow {
  readonly date: SessionDate
  readonly scenario_id: string
  readonly name: string
  readonly description: string | null
  readonly category: string | null
  readonly severity: string
  readonly shocks: unknown
  readonly direct_pnl: number | null
  readonly correlated_pnl: number | null
  readonly correlation_effect: number | null
  readonly pnl_std_error: number | null
  readonly factor_impacts: Readonly<Record<string, number>>
  /** Null exactly when there are figures. */
  readonly reason: AnalyticReason | null
}

/** Its rows of some sessions, the worst outcome first. */
export async function selectStressResults(
  db: Kysely<Tables>,
  portfolioId: string,
  dates: readonly SessionDate[],
): Promise<readonly StressRow[]> {
  const { rows } = await sql<StressRow>`
    select r.calculation_date as date, r.scenario_id, s.name, s.description, s.category, s.severity,
           s.shock_config as shocks, r.direct_pnl::float8 as direct_pnl,
           r.correlated_pnl::float8 as correlated_pnl,
           r.correlation_effect::float8 as correlation_effect,
           r.pnl_std_error::float8 as pnl_std_error, r.factor_impacts, r.reason
    from stress_test_results r join stress_test_scenarios s on s.scenario_id = r.scenario_id
    where r.portfolio_id = ${portfolioId} and r.calculation_date = any(${dates}::date[])
    order by r.correlated_pnl nulls last, r.scenario_id
  `.execute(db)
  return rows
}
