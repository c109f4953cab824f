import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { VolatilityTrend } from '../../volatility/index.ts'

/** The volatility of a lot; annual fractions. */
export interface LotVolatilityRow {
  readonly date: SessionDate
  readonly position_id: string
  readonly realized_volatility_21d: number | null
  readonly realized_volatility_63d: number | null
  readonly expected_volatility_21d: number | null
  readonly volatility_trend: VolatilityTrend | null
  readonly volatility_percentile: number | null
  readonly observations: number | null
}

/** Of some lots and sessions; a lot without volatility on a session has no row. */
export async function selectLotVolatility(
  db: Kysely<Tables>,
  lotIds: readonly string[],
  dates: readonly SessionDate[],
): Promise<readonly LotVolatilityRow[]> {
  const { rows } = await sql<LotVolatilityRow>`
    select calculation_date as date, position_id, realized_vol_21d as realized_volatility_21d,
           realized_vol_63d as realized_volatility_63d, expected_vol_21d as expected_volatility_21d,
           vol_trend as volatility_trend, vol_percentile as volatility_percentile, observations
    from position_volatility
    where position_id = any(${lotIds}::uuid[]) and calculation_date = any(${dates}::date[])
  `.execute(db)
  return rows
}
