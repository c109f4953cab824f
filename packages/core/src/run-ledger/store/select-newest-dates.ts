import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** The newest date that each kind of data has; null where there is none. */
export interface NewestDates {
  readonly prices: IsoDate | null
  readonly factors: IsoDate | null
  readonly symbol_metrics: IsoDate | null
  readonly snapshots: IsoDate | null
  readonly exposures: IsoDate | null
  readonly correlations: IsoDate | null
  readonly stress_tests: IsoDate | null
  /** When a company profile was last updated. */
  readonly profiles_updated_at: Date | null
}

/**
 * The newest date of each kind of data. Prices and factors are those of the newest date on which a symbol
 * of everybody has one; only complete snapshots count.
 */
export async function selectNewestDates(db: Kysely<Tables>): Promise<NewestDates> {
  const { rows } = await sql<NewestDates>`
    select
      (select max(date) from market_data_cache where close is not null) as prices,
      (select max(calculation_date) from symbol_factor_exposures) as factors,
      (select max(metrics_date) from symbol_daily_metrics) as symbol_metrics,
      (select max(snapshot_date) from portfolio_snapshots where is_complete) as snapshots,
      ${newestOfPortfolios('factor_exposures')} as exposures,
      ${newestOfPortfolios('correlation_calculations')} as correlations,
      ${newestOfPortfolios('stress_test_results')} as stress_tests,
      (select max(last_updated) from company_profiles) as profiles_updated_at
  `.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('a select without a from answered no row')
  return row
}

/** These tables are ordered by portfolio: one look into the index for each is all it takes. */
function newestOfPortfolios(
  table: 'factor_exposures' | 'correlation_calculations' | 'stress_test_results',
) {
  return sql`(
    select max(newest.date) from portfolios f
    cross join lateral (
      select max(calculation_date) as date from ${sql.table(table)} where portfolio_id = f.id
    ) newest
  )`
}
