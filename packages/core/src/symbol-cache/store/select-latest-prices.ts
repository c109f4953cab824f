import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import type { LatestPrice } from '../symbol-data.ts'

/** The last close of some symbols, however old; a symbol without any is absent. */
export async function selectLatestPrices(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, LatestPrice>> {
  const { rows } = await sql<{ symbol: Ticker; date: SessionDate; close: number }>`
    select s.symbol, last.date, last.close::float8 as close
    from unnest(${symbols}::text[]) as s (symbol)
    cross join lateral (
      select date, close from market_data_cache
      where symbol = s.symbol and close is not null
      order by date desc limit 1
    ) last
  `.execute(db)
  return new Map(rows.map(({ symbol, date, close }) => [symbol, { date, close }]))
}
