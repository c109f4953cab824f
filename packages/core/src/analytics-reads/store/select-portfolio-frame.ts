import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import { SNAPSHOT_MONEY } from '../../portfolios/index.ts'
import {
  PortfolioFrame,
  type FrameCoverage,
  type FrameLot,
  type FrameReasons,
  type FrameSnapshot,
} from '../portfolio-frame.ts'

const OTHERS = [
  'snapshot_date',
  'daily_return',
  'num_positions',
  'num_long_positions',
  'num_short_positions',
  'positions_stale',
  'positions_missing',
  'portfolio_delta',
  'portfolio_gamma',
  'portfolio_theta',
  'portfolio_vega',
  'realized_volatility_21d',
  'realized_volatility_63d',
  'expected_volatility_21d',
  'volatility_trend',
  'volatility_percentile',
  'beta_calculated_90d',
  'beta_calculated_90d_r_squared',
  'beta_calculated_90d_observations',
  'beta_provider_1y',
  'sector_exposure',
  'hhi',
  'effective_num_positions',
  'top_3_concentration',
  'top_10_concentration',
  'is_partial',
] as const

/** Where phases leave why something is missing. */
const REASON_TYPES = [
  'greeks',
  'exposures',
  'analytics',
  'correlations',
  'stress_tests',
  'pnl_explain',
].map((phase) => `${phase}_unavailable`)

/** Reads the frame of a portfolio that exists. One without a complete snapshot has an empty one. */
export async function selectPortfolioFrame(
  db: Kysely<Tables>,
  portfolioId: string,
): Promise<PortfolioFrame> {
  const snapshots = await selectSnapshots(db, portfolioId)
  const dates = snapshots.map(({ snapshot_date }) => snapshot_date)
  const [newest] = dates
  if (newest === undefined) {
    return new PortfolioFrame({ portfolioId, snapshots, lots: [], coverage: [], reasons: [] })
  }
  const [lots, coverage, reasons] = await Promise.all([
    sql<FrameLot>`
      select id, symbol, position_type, investment_class, underlying_symbol, price_status,
             market_value::float8 as market_value
      from active_positions(${newest}) where portfolio_id = ${portfolioId}
      order by symbol, entry_date, id
    `.execute(db),
    sql<FrameCoverage>`
      select e.calculation_date as date, d.calculation_method as method,
             min(e.coverage_pct) as coverage_pct
      from factor_exposures e join factor_definitions d on d.id = e.factor_id
      where e.portfolio_id = ${portfolioId} and e.calculation_date = any(${dates}::date[])
      group by e.calculation_date, d.calculation_method
    `.execute(db),
    sql<FrameReasons>`
      select metric_date as date, value as reasons from daily_metrics
      where metric_date = any(${dates}::date[]) and metric_type = any(${REASON_TYPES}::text[])
        and dimensions = jsonb_build_object('portfolio_id', ${portfolioId}::text)
    `.execute(db),
  ])
  return new PortfolioFrame({
    portfolioId,
    snapshots,
    lots: lots.rows,
    coverage: coverage.rows,
    reasons: reasons.rows,
  })
}

async function selectSnapshots(
  db: Kysely<Tables>,
  portfolioId: string,
): Promise<readonly FrameSnapshot[]> {
  // Sixteen digits hold every cent of a column of money that an account may reach.
  const money = SNAPSHOT_MONEY.map((name) => sql`${sql.ref(name)}::float8 as ${sql.ref(name)}`)
  const { rows } = await sql<FrameSnapshot>`
    select ${sql.join([...money, ...OTHERS.map((name) => sql.ref(name))])}
    from portfolio_snapshots
    where portfolio_id = ${portfolioId} and is_complete
    order by snapshot_date desc limit 2
  `.execute(db)
  return rows
}
