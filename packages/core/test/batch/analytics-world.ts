import { sql, type Selectable } from 'kysely'
import type { PortfolioSnapshotsTable } from '../../src/database/tables/analytics-tables.ts'
import type { LotFact } from '../portfolios/facts.ts'
import type { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { combine } from '../regression/random-columns.ts'
import { range } from './batch-world.ts'
import { randomReturns } from './stored-returns.ts'

export const EVENING = '2025-07-10'
/** The evening once more, although it is done. */
export const AGAIN = { ...range(EVENING, EVENING), force: true }

const [SPY = new Float64Array(), noiseA = SPY, noiseB = SPY] = randomReturns(5, 3)
/** The index and two shares that move with it, more and less than it. */
export const MARKET = {
  SPY,
  AAA: combine([SPY, noiseA], [1.2, 0.5]),
  BBB: combine([SPY, noiseB], [0.7, 0.5]),
}

/** The columns of a snapshot that the phase fills. */
export const COLUMNS = [
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
] as const
type Figures = Pick<
  Selectable<PortfolioSnapshotsTable>,
  (typeof COLUMNS)[number] | 'equity_balance' | 'gross_exposure'
>

/** A lot worth so many dollars on the evening, on which everything costs $100. */
export const worth = (symbol: string, dollars: number): LotFact => ({
  symbol,
  quantity: String(dollars / 100),
  entry: '100',
  entryDate: '2025-06-02',
})
/** A PRIVATE lot entered with so many dollars. */
export const startup = (dollars: number): LotFact => ({
  ...worth('STARTUP', dollars),
  investmentClass: 'PRIVATE',
  marketValue: String(dollars),
})

/** Makes portfolios and looks at what the night found of them. */
export function analyticsIn(world: () => PortfolioWorld) {
  async function portfolioOf(
    name: string,
    lots: readonly LotFact[],
    equity = 100_000,
  ): Promise<string> {
    const id = await world().portfolio({ name, equity: String(equity), asOf: EVENING })
    for (const lot of lots) await world().lot(id, lot)
    return id
  }
  async function figuresOf(id: string): Promise<Figures> {
    const { rows } = await sql<Figures>`
    select * from portfolio_snapshots
    where portfolio_id = ${id} and snapshot_date = ${EVENING} and is_complete
  `.execute(world().db)
    if (rows[0] === undefined) throw new Error('no snapshot')
    return rows[0]
  }
  const analyticsOf = async (id: string) => {
    const figures = await figuresOf(id)
    return COLUMNS.map((column) => figures[column])
  }
  const reasonsOf = async (id: string) =>
    (
      await world().rows(
        sql<{ value: unknown }>`
        select value from daily_metrics where metric_type = 'analytics_unavailable'
          and metric_date = ${EVENING} and dimensions = jsonb_build_object('portfolio_id', ${id}::text)`,
      )
    )[0]?.value
  const positionVolatilities = () =>
    world().rows(
      sql<Record<string, number | string | null> & { symbol: string }>`
      select p.symbol, v.* from position_volatility v join positions p on p.id = v.position_id
      where v.calculation_date = ${EVENING} order by p.symbol, p.quantity`,
    )
  const phaseOf = async (...run: Parameters<PortfolioWorld['refresh']>) => {
    const result = await world().refresh(...run)
    return result.dates.at(-1)?.phases['analytics']
  }

  return { portfolioOf, figuresOf, analyticsOf, reasonsOf, positionVolatilities, phaseOf }
}
