import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  copyUpsert,
  type CopyRow,
  type Transaction,
  type UpsertCounts,
} from '../../database/index.ts'
import type { AnalyticResult } from '../analytic-result.ts'
import type { PortfolioAnalytics } from '../portfolio-analytics.ts'

const COLUMNS = [
  { name: 'portfolio_id', type: 'uuid' },
  { name: 'snapshot_date', type: 'date' },
  { name: 'realized_volatility_21d', type: 'double precision' },
  { name: 'realized_volatility_63d', type: 'double precision' },
  { name: 'expected_volatility_21d', type: 'double precision' },
  { name: 'volatility_trend', type: 'text' },
  { name: 'volatility_percentile', type: 'double precision' },
  { name: 'beta_calculated_90d', type: 'double precision' },
  { name: 'beta_calculated_90d_r_squared', type: 'double precision' },
  { name: 'beta_calculated_90d_observations', type: 'integer' },
  { name: 'beta_provider_1y', type: 'double precision' },
  { name: 'sector_exposure', type: 'jsonb' },
  { name: 'hhi', type: 'double precision' },
  { name: 'effective_num_positions', type: 'double precision' },
  { name: 'top_3_concentration', type: 'double precision' },
  { name: 'top_10_concentration', type: 'double precision' },
]

/** The analytics of a portfolio, ready to be stored. */
export interface PortfolioAnalyticsRow {
  readonly portfolioId: string
  readonly analytics: PortfolioAnalytics
}

/**
 * Sets the analytics columns of snapshots of a date that exist. What could not be computed becomes null,
 * whatever was there before; `sector_exposure` maps each sector to its weight, a share of equity.
 */
export async function savePortfolioAnalytics(
  tx: Transaction,
  date: SessionDate,
  rows: readonly PortfolioAnalyticsRow[],
): Promise<UpsertCounts> {
  const key = ['portfolio_id', 'snapshot_date']
  return copyUpsert(
    tx,
    { table: 'portfolio_snapshots', columns: COLUMNS, key },
    rows.map(({ portfolioId, analytics }) => [portfolioId, date, ...valuesOf(analytics)]),
  )
}

function valuesOf(analytics: PortfolioAnalytics): CopyRow {
  const volatility = metricsOf(analytics.volatility)
  const beta = metricsOf(analytics.beta)
  const sectors = metricsOf(analytics.sectors)
  const concentration = metricsOf(analytics.concentration)
  return [
    volatility?.realized21d ?? null,
    volatility?.realized63d ?? null,
    volatility?.expected21d ?? null,
    volatility?.trend ?? null,
    volatility?.percentile ?? null,
    beta?.beta ?? null,
    beta?.rSquared ?? null,
    beta?.observations ?? null,
    metricsOf(analytics.provider_beta)?.beta ?? null,
    sectors === null
      ? null
      : JSON.stringify(Object.fromEntries(sectors.map(({ sector, weight }) => [sector, weight]))),
    concentration?.hhi ?? null,
    concentration?.effectivePositions ?? null,
    concentration?.top3 ?? null,
    concentration?.top10 ?? null,
  ]
}

function metricsOf<Metrics>(result: AnalyticResult<Metrics>): Metrics | null {
  return result.success ? result.metrics : null
}
