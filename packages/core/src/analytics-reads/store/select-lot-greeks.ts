import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** The Greeks of an option lot on a session, see `PositionGreeks`. */
export interface LotGreeksRow {
  readonly date: SessionDate
  readonly position_id: string
  readonly implied_volatility: number | null
  readonly delta: number | null
  readonly gamma: number | null
  readonly theta: number | null
  readonly vega: number | null
  readonly rho: number | null
  readonly delta_dollars: number | null
  readonly gamma_dollars: number | null
  readonly model: string | null
}

/** Of some lots and sessions; a lot without Greeks of a session has no row. */
export async function selectLotGreeks(
  db: Kysely<Tables>,
  lotIds: readonly string[],
  dates: readonly SessionDate[],
): Promise<readonly LotGreeksRow[]> {
  if (lotIds.length === 0) return []
  const { rows } = await sql<LotGreeksRow>`
    select g.calculation_date as date, g.position_id, g.implied_volatility, g.delta, g.gamma,
           g.theta, g.vega, g.rho, g.delta_dollars, g.gamma_dollars, g.model
    from position_greeks g
    where g.position_id = any(${lotIds}::uuid[]) and g.calculation_date = any(${dates}::date[])
  `.execute(db)
  return rows
}
