import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** The mark that is stored with a lot. */
export interface StoredMark {
  readonly lotId: string
  readonly lastPrice: string | null
  readonly lastPriceDate: IsoDate | null
  readonly priceStatus: string | null
  readonly marketValue: string | null
}

/** The stored marks of all undeleted lots of some portfolios, by lot id. */
export async function selectStoredMarks(
  db: Kysely<Tables>,
  portfolioIds: readonly string[],
): Promise<ReadonlyMap<string, StoredMark>> {
  const { rows } = await sql<StoredMark>`
    select id as "lotId", last_price as "lastPrice", last_price_date as "lastPriceDate",
           price_status as "priceStatus", market_value as "marketValue"
    from positions
    where deleted_at is null and portfolio_id = any(${portfolioIds}::uuid[])
  `.execute(db)
  return new Map(rows.map((mark) => [mark.lotId, mark]))
}
