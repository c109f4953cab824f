import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { SNAPSHOT_MONEY } from '../../portfolios/index.ts'

export const SNAPSHOT_COUNTS = [
  'num_positions',
  'num_long_positions',
  'num_short_positions',
  'positions_stale',
  'positions_missing',
] as const

/** Statistics; null where the session has none. */
export const SNAPSHOT_STATISTICS = [
  'daily_return',
  'portfolio_delta',
  'portfolio_gamma',
  'portfolio_theta',
  'portfolio_vega',
  'realized_volatility_21d',
  'realized_volatility_63d',
  'expected_volatility_21d',
  'volatility_percentile',
  'beta_calculated_90d',
  'beta_calculated_90d_r_squared',
  'beta_calculated_90d_observations',
  'beta_provider_1y',
  'hhi',
  'effective_num_positions',
  'top_3_concentration',
  'top_10_concentration',
] as const

export type StoredSnapshot = Readonly<Record<(typeof SNAPSHOT_MONEY)[number], string | null>> &
  Readonly<Record<(typeof SNAPSHOT_COUNTS)[number], number>> &
  Readonly<Record<(typeof SNAPSHOT_STATISTICS)[number], number | null>> & {
    readonly snapshot_date: IsoDate
    readonly volatility_trend: string | null
    readonly sector_exposure: unknown
    readonly is_partial: boolean
  }

/** The complete snapshots of a portfolio from a date to another, both included; null = without that bound. */
export async function selectSnapshots(
  db: Kysely<Tables>,
  portfolioId: string,
  { from, to }: { readonly from: IsoDate | null; readonly to: IsoDate | null },
): Promise<readonly StoredSnapshot[]> {
  const names = [...SNAPSHOT_MONEY, ...SNAPSHOT_COUNTS, ...SNAPSHOT_STATISTICS]
  const { rows } = await sql<StoredSnapshot>`
    select snapshot_date, volatility_trend, sector_exposure, is_partial,
           ${sql.join(names.map((name) => sql.ref(name)))}
    from portfolio_snapshots
    where portfolio_id = ${portfolioId} and is_complete
      and (${from}::date is null or snapshot_date >= ${from})
      and (${to}::date is null or snapshot_date <= ${to})
    order by snapshot_date
  `.execute(db)
  return rows
}
