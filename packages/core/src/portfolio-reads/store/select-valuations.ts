import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** What a PRIVATE lot was said to be worth. */
export interface ValuationRow {
  readonly id: string
  readonly valuation_date: IsoDate
  readonly market_value: string
}

/** The valuations of a lot, oldest first. */
export async function selectValuations(
  db: Kysely<Tables>,
  positionId: string,
): Promise<readonly ValuationRow[]> {
  const { rows } = await sql<ValuationRow>`
    select id, valuation_date, market_value
    from position_valuations where position_id = ${positionId} order by valuation_date
  `.execute(db)
  return rows
}
