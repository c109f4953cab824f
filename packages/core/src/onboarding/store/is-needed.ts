import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'

/** Whether the symbol layer will look after a symbol: it is in the universe, or in an open position. */
export async function isNeeded(
  db: Kysely<Tables>,
  symbol: Ticker,
  today: IsoDate,
): Promise<boolean> {
  const { rows } = await sql<{ is_needed: boolean }>`
    select exists (select from symbol_universe where symbol = ${symbol} and is_active)
        or exists (
          select from active_positions(${today}) p
          join portfolios f on f.id = p.portfolio_id and f.deleted_at is null and f.is_active
          where (p.symbol = ${symbol} or p.underlying_symbol = ${symbol})
            and p.investment_class <> 'PRIVATE'
        ) as is_needed
  `.execute(db)
  return rows[0]?.is_needed ?? false
}
